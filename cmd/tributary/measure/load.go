package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// figures of a load: requests per second and the 99th percentile.
type figures struct {
	rate  float64
	p99   time.Duration
	count int
}

// load sends requests from several workers, each after its last was answered.
// Client and server share the machine, so the client is a bare one: a request
// written to a connection, an answer read from it.
func (b *bench) load(ctx context.Context, workers int, request func() (*http.Request, error)) (figures, error) {
	ctx, cancel := context.WithTimeout(ctx, b.lasting)
	defer cancel()
	taken := make([][]time.Duration, workers)
	failed := make([]error, workers)
	var group sync.WaitGroup
	began := time.Now()
	for worker := range workers {
		group.Go(func() { taken[worker], failed[worker] = work(ctx, request) })
	}
	group.Wait()
	elapsed := time.Since(began)
	if err := errors.Join(failed...); err != nil {
		return figures{}, err
	}
	all := slices.Concat(taken...)
	slices.Sort(all)
	return figures{rate: float64(len(all)) / elapsed.Seconds(), p99: all[len(all)*99/100], count: len(all)}, nil
}

func work(ctx context.Context, request func() (*http.Request, error)) (taken []time.Duration, err error) {
	first, err := request()
	if err != nil {
		return nil, err
	}
	connection, err := net.Dial("tcp", first.URL.Host)
	if err != nil {
		return nil, err
	}
	defer func() { _ = connection.Close() }()
	answers := bufio.NewReader(connection)
	for err == nil && ctx.Err() == nil {
		start := time.Now()
		err = once(connection, answers, request)
		taken = append(taken, time.Since(start))
	}
	return taken, err
}

func once(connection net.Conn, answers *bufio.Reader, request func() (*http.Request, error)) error {
	req, err := request()
	if err != nil {
		return err
	}
	if err := req.Write(connection); err != nil {
		return err
	}
	res, err := http.ReadResponse(answers, req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return err
	}
	if res.StatusCode >= 300 {
		return fmt.Errorf("%s %s: %s", req.Method, req.URL.Path, res.Status)
	}
	return nil
}
