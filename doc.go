// Package tributary is the root of a self-hosted bank-account aggregation
// platform. It holds no code: the rooms of the house are core, ports, adapters
// and cmd, and arch_test.go keeps the doors between them.
package tributary
