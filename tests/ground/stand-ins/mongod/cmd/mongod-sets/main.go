// mongod-sets is the ground's server of replica sets: tests/ground/sets runs it in a container of the ground's own.
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

func main() {
	known, err := link.ReadServer("/etc/stand-in-sets")
	if err != nil {
		log.Fatal(err)
	}
	listener, err := net.Listen("tcp", ":27099")
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
