package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"
)

// figures of a load: requests per second and the 99th percentile.
type figures struct {
	rate float64
	p99  time.Duration
}

// load sends requests from several workers, each after its last was answered.
func (b *bench) load(ctx context.Context, request func(worker, n int) (*http.Request, error)) (figures, error) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: b.workers}}
	defer client.CloseIdleConnections()
	ctx, cancel := context.WithTimeout(ctx, b.lasting)
	defer cancel()
	taken := make([][]time.Duration, b.workers)
	failed := make([]error, b.workers)
	var group sync.WaitGroup
	began := time.Now()
	for worker := range b.workers {
		group.Go(func() {
			for n := 0; ctx.Err() == nil && failed[worker] == nil; n++ {
				start := time.Now()
				failed[worker] = once(client, worker, n, request)
				taken[worker] = append(taken[worker], time.Since(start))
			}
		})
	}
	group.Wait()
	elapsed := time.Since(began)
	for _, err := range failed {
		if err != nil {
			return figures{}, err
		}
	}
	all := slices.Concat(taken...)
	slices.Sort(all)
	return figures{rate: float64(len(all)) / elapsed.Seconds(), p99: all[len(all)*99/100]}, nil
}

func once(client *http.Client, worker, n int, request func(worker, n int) (*http.Request, error)) error {
	req, err := request(worker, n)
	if err != nil {
		return err
	}
	res, err := client.Do(req)
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
