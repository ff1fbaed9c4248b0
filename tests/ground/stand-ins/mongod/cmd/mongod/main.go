// mongod stands in for MongoDB's server: alone it is FerretDB in front of PostgreSQL with DocumentDB, with --replSet a member of a
// replica set. What it takes and what it cannot do stands in tests/ground/stand-ins/MONGOD.md.
package main

import (
	"errors"
	"fmt"
	"log"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"gw.test/mongod/internal/documentdb"
	"gw.test/mongod/internal/link"
	"gw.test/mongod/internal/member"
	"gw.test/mongod/internal/options"
)

// Exit codes: mongod's own for a mistake in the arguments and for one at the start.
const (
	badOptions = 2
	failed     = 1
)

func main() {
	log.SetFlags(log.LstdFlags | log.Lmicroseconds)
	given, err := options.Parse(os.Args[1:])
	if err != nil {
		end(badOptions, err)
	}
	if given.Version {
		fmt.Printf("db version v8.0.0 (stand-in: FerretDB %s)\n", documentdb.Version())
		return
	}
	key := options.Key("")
	if given.KeyFile != "" {
		if key, err = options.ReadKey(given.KeyFile); err != nil {
			end(failed, fmt.Errorf("Read security file failed: %w", err))
		}
	}
	if exists(filepath.Join(given.Data, "WiredTiger")) {
		end(badOptions, fmt.Errorf("stand-in: %s holds the data of a real MongoDB", given.Data))
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	if given.Set == "" {
		err = alone(given, signals)
	} else {
		err = together(given, key, signals)
	}
	if err != nil {
		end(failed, fmt.Errorf("stand-in: %w", err))
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func end(code int, err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(code)
}

// alone serves one server's data from this container.
func alone(given options.Options, signals <-chan os.Signal) error {
	data := filepath.Join(given.Data, "stand-in")
	initialised := data + ".initialised"
	if exists(filepath.Join(given.Data, member.FileName)) {
		return fmt.Errorf("%s is the volume of a member of a replica set, and cannot be a single server's", given.Data)
	}
	fresh := !exists(initialised)
	if fresh {
		if err := os.RemoveAll(data); err != nil {
			return err
		}
	}
	database, err := documentdb.Start(data, "/tmp/stand-in")
	if err != nil {
		return err
	}
	defer database.Stop()
	if fresh {
		if user := os.Getenv("MONGO_INITDB_ROOT_USERNAME"); user != "" {
			if err := database.AddUser(user, os.Getenv("MONGO_INITDB_ROOT_PASSWORD")); err != nil {
				return fmt.Errorf("the user could not be created: %w", err)
			}
		}
		if err := os.WriteFile(initialised, nil, 0o600); err != nil {
			return err
		}
	}
	forgetCredentials()
	server, err := database.Serve(given.Auth, "--listen-addr="+net.JoinHostPort(given.Address, strconv.Itoa(given.Port)))
	if err != nil {
		return err
	}
	// Whichever ends first takes the other with it.
	select {
	case <-signals:
		server.Stop(syscall.SIGTERM)
		return nil
	case <-server.Ended:
	case <-database.Ended():
		server.Stop(syscall.SIGTERM)
	}
	return errors.New("PostgreSQL or FerretDB ended")
}

// together is a member of a replica set, whose data the ground's server keeps.
func together(given options.Options, key options.Key, signals <-chan os.Signal) error {
	server, err := link.ReadServer("/etc/stand-in-sets")
	if err != nil {
		return err
	}
	if exists(filepath.Join(given.Data, "stand-in.initialised")) {
		return fmt.Errorf("%s is the volume of a single server, and cannot be a member's", given.Data)
	}
	this, err := member.New(given, key, server)
	if err != nil {
		return err
	}
	forgetCredentials()
	listener, err := net.Listen("tcp", net.JoinHostPort(given.Address, strconv.Itoa(given.Port)))
	if err != nil {
		return err
	}
	go func() { _ = this.Run(listener) }()
	log.Printf("waiting for connections on port %d, replica set %s", given.Port, given.Set)
	<-signals
	this.End()
	return nil
}

func forgetCredentials() {
	for _, pair := range os.Environ() {
		if name, _, _ := strings.Cut(pair, "="); strings.HasPrefix(name, "MONGO_INITDB_") {
			os.Unsetenv(name)
		}
	}
}
