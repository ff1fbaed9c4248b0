// mongod-sets is the ground's server of replica sets: tests/ground/sets runs it in a container of the ground's own.
// `mongod-sets keep ID...` tells the one that runs here which sets are still named by a volume.
package main

import (
	"log"
	"net"
	"os"
	"os/signal"
	"syscall"

	"gw.test/mongod/internal/link"
	"gw.test/mongod/internal/sets"
)

const port = ":27099"

func main() {
	known, err := link.ReadServer("/etc/stand-in-sets")
	if err != nil {
		log.Fatal(err)
	}
	if len(os.Args) > 1 && os.Args[1] == "keep" {
		known.Address = "127.0.0.1" + port
		answer, err := known.Ask(link.Open{Question: link.Keep, Sets: os.Args[2:]})
		if err != nil {
			log.Fatal(err)
		}
		if len(answer.Dropped) > 0 {
			log.Printf("dropped what no volume names: %v", answer.Dropped)
		}
		return
	}
	listener, err := net.Listen("tcp", port)
	if err != nil {
		log.Fatal(err)
	}
	server := &sets.Server{Key: known.Key, Data: "/data/db/sets", Sockets: "/tmp/sets"}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	go func() { log.Fatal(server.Serve(listener)) }()
	log.Print("ready")
	<-signals
	server.Stop()
}
