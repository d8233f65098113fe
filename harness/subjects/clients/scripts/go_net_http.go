// Go's net/http: requests one after the other on one transport, and then nothing, with the transport alive, until killed.
package main

import (
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

func main() {
	requests := flag.Int("requests", 1, "how many")
	gap := flag.Float64("gap", 0, "seconds from a response to the next request")
	method := flag.String("method", "GET", "of every request")
	idleTimeout := flag.String("idle-timeout", "", "seconds or never; empty: that of http.DefaultTransport")
	lastSaysClose := flag.Bool("last-says-close", false, "the last request asks for the connection's end")
	flag.Parse()
	url := flag.Arg(0)

	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy = nil
	if *idleTimeout == "never" {
		transport.IdleConnTimeout = 0
	} else if *idleTimeout != "" {
		limit, err := time.ParseDuration(*idleTimeout + "s")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		transport.IdleConnTimeout = limit
	}
	client := &http.Client{Transport: transport}
	for number := 1; number <= *requests; number++ {
		if number > 1 {
			time.Sleep(time.Duration(*gap * float64(time.Second)))
		}
		request, err := http.NewRequest(*method, url, nil)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		request.Close = *lastSaysClose && number == *requests
		response, err := client.Do(request)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			continue
		}
		io.Copy(io.Discard, response.Body)
		response.Body.Close()
	}
	for { // not select{}: without another goroutine left, that is a deadlock to the runtime
		time.Sleep(time.Hour)
	}
}
