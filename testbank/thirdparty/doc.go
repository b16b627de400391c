// Package thirdparty owns what all standards of the PSD2 interface have in common: who calls, by the certificate of the
// connection; HTTP signatures; tokens for codes; where customers' browsers find the bank; and the answers of a bank that
// turned hostile.
//
// It knows no standard's paths, words or bodies: those are the business of one package for each dialect (xs2a, stet), which
// decides nothing about certificates. It shares no code with any client. Invariants: nobody is a third party without a
// certificate of an authority that the bank knows, good today, with the role of account information; what a request held
// is never repeated.
package thirdparty
