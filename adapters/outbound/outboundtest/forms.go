package outboundtest

import (
	"fmt"
	"net/netip"
	"strings"
)

// literals are ways to write an address that is not public, as the host of an address.
var literals = strings.Fields(`
127.0.0.1 127.0.0.2 127.1.2.3 127.255.255.254 127.255.255.255 127.0.0.1. 0.0.0.0 0.0.0.0. 0.1.2.3 0.255.255.255
10.0.0.0 10.0.0.1 10.255.255.255 172.16.0.1 172.20.10.1 172.31.255.255 192.168.0.1 192.168.1.254 192.168.255.255
100.64.0.1 100.100.100.200 100.127.255.255 169.254.0.1 169.254.169.254 169.254.170.2 169.254.255.255 168.63.129.16
192.0.0.1 192.0.0.8 192.0.0.170 192.0.0.192 192.0.2.1 192.88.99.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1
224.0.0.1 239.255.255.250 240.0.0.1 250.1.2.3 255.255.255.254 255.255.255.255
[::] [::0] [0:0:0:0:0:0:0:0] [::1] [0:0:0:0:0:0:0:1] [0000:0000:0000:0000:0000:0000:0000:0001] [::0:1] [::2] [::ffff]
[::127.0.0.1] [::7f00:1] [::10.0.0.1] [::169.254.169.254] [::8.8.8.8]
[::ffff:127.0.0.1] [::FFFF:127.0.0.1] [::ffff:7f00:1] [0:0:0:0:0:ffff:127.0.0.1] [0:0:0:0:0:ffff:7f00:0001] [::ffff:0.0.0.0]
[::ffff:10.0.0.1] [::ffff:169.254.169.254] [::ffff:192.168.1.1] [::ffff:100.64.0.1] [::ffff:0:127.0.0.1] [::ffff:0:8.8.8.8]
[2002:7f00:1::] [2002:7f00:0001::1] [2002:a00:1::] [2002:a9fe:a9fe::] [2002:c0a8:101::1] [2002:808:808::]
[64:ff9b::127.0.0.1] [64:ff9b::7f00:1] [64:ff9b::10.0.0.1] [64:ff9b::a9fe:a9fe] [64:ff9b::0.0.0.0] [64:ff9b:1::127.0.0.1] [64:ff9b:1::1]
[2001::1] [2001:0:4136:e378:8000:63bf:3fff:fdd2] [2001:0:7f00:1::] [2001:0:a9fe:a9fe:0:0:80ff:fffe] [2001:10::1] [2001:20::1] [2001:2::1]
[2001:db8::1] [3fff::1] [3ffe::1] [5f00::1] [100::1] [100:0:0:1::1]
[fe80::1] [fe81::1] [fe8f::1] [febf:ffff::1] [fec0::1] [feff::1] [fc00::1] [fcff::1] [fd00::1] [fd00:ec2::254] [fdff:ffff::1]
[ff02::1] [ff01::1] [ff05::2] [ff0e::1] [4000::1] [8000::1] [e000::1]
[2606:4700::5efe:7f00:1] [2606:4700::200:5efe:10.0.0.1] [fe80::5efe:127.0.0.1]
[fe80::1%25lo] [fe80::1%25eth0] [fe80::1%25lo0] [::1%25lo] [::1%251] [::ffff:127.0.0.1%25lo] [2606:4700:4700::1111%25eth0]
2130706433 2130706433. 2852039166 017700000001 0x7f000001 0X7F000001 0x7F.0x0.0x0.0x1 0x7f.1 0x7f.0.0.1 127.1 127.0.1 127.0.0x1
0177.0.0.1 0177.1 0177.0.0.01 127.0.0.01 127.000.000.001 010.0.0.1 0xa.0.0.1 0xa9fea9fe 0xa9.0xfe.0xa9.0xfe 0251.0376.0251.0376 169.254.43518
0 0. 0x0 0x 00 1 256 127.0.0.256 127.0.0.1.1 1.2.3.4.5 4294967295 4294967296 99999999999 127.0.0.1.0x7f
127。0。0。1 127．0．0．1 １２７.0.0.1 ①②⑦.⓪.⓪.① ⑯⑨。②⑤④。⑯⑨｡②⑤④
127.0.0.1%00 127.0.0.1%2f 127.0.0.1%0a localhost%00.example 127.0.0.1%20 %31%32%37.0.0.1 127%2e0%2e0%2e1 [::1]x
`)

// names resolve to what stands beside them.
var names = map[string][]netip.Addr{
	"localhost": Addrs("127.0.0.1", "::1"), "localhost.": Addrs("127.0.0.1"), "LOCALHOST": Addrs("127.0.0.1"), "a.localhost": Addrs("::1"),
	"localhost.localdomain": Addrs("127.0.0.1"), "ip6-localhost": Addrs("::1"), "localtest.example": Addrs("127.0.0.1"),
	"metadata.google.internal": Addrs("169.254.169.254"), "metadata": Addrs("169.254.169.254"), "metadata.google.internal.": Addrs("169.254.169.254"),
	"instance-data": Addrs("169.254.169.254"), "metadata.azure.internal": Addrs("168.63.129.16"), "kubernetes.default.svc": Addrs("10.96.0.1"),
	"host.docker.internal": Addrs("192.168.65.2"), "router.local": Addrs("192.168.1.1"), "intranet": Addrs("10.0.0.9"),
	"ula.example": Addrs("fd00::1"), "mapped.example": Addrs("::ffff:127.0.0.1"), "six.example": Addrs("2002:7f00:1::"),
	"nat.example": Addrs("64:ff9b::7f00:1"), "all.example": Addrs("0.0.0.0"), "xn--oracle.example": Addrs("192.0.0.192"),
	"127.0.0.1.example": Addrs("127.0.0.1"), "a_b.example": Addrs("127.0.0.1"), "bücher.example": Addrs("127.0.0.1"),
}

// others are addresses that are not asked whatever they would lead to.
var others = strings.Fields(`
unix:/run/docker.sock unix:///run/docker.sock http+unix://%2Frun%2Fdocker.sock/ file:///etc/passwd file://127.0.0.1/etc/passwd
gopher://127.0.0.1/ ftp://127.0.0.1/ dict://127.0.0.1/ ldap://127.0.0.1/ ws://127.0.0.1/ wss://127.0.0.1/ jar:http://127.0.0.1!/ data:,x javascript:1
http:127.0.0.1 http:/127.0.0.1 http:///127.0.0.1 //127.0.0.1/ 127.0.0.1 http://user@127.0.0.1/ http://example.com@127.0.0.1/
http://127.0.0.1:0/ http://127.0.0.1:65536/ http://127.0.0.1:/ http://127.0.0.1:-1/ http://127.0.0.1\@example.com/ http:\\127.0.0.1\ HTTP://127.0.0.1/
`)

// Forms are addresses that must not be connected to, in more than 150 ways to
// write them. Those that lead to a host name a port of it. Resolve has to answer for their names.
func Forms(port int) []string {
	forms := append([]string{}, others...)
	for _, host := range literals {
		forms = append(forms, fmt.Sprintf("http://%s:%d/", host, port))
	}
	for name := range names {
		forms = append(forms, fmt.Sprintf("http://%s:%d/", name, port))
	}
	return forms
}

// Resolve answers for the names of Forms. Other spellings of a name lead to this machine.
func Resolve(name string) []netip.Addr {
	if known := names[name]; known != nil {
		return known
	}
	return Addrs("127.0.0.1")
}
