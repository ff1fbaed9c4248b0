package sets

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"gw.test/mongod/internal/documentdb"
)

// A database that nobody used for so long is stopped; its next user starts it again.
const idle = time.Minute

// store is the database of a set, and one FerretDB for clients that name a user, another for those that do not.
type store struct {
	folder, sockets string

	mutex    sync.Mutex
	database *documentdb.Database
	front    map[bool]*documentdb.Process
}

// A set is small: what PostgreSQL takes by default is for more.
var frugal = []string{"shared_buffers=32MB", "max_connections=100", "min_wal_size=32MB", "max_wal_size=64MB", "cron.log_run=off", "cron.log_statement=off"}

// start makes sure that the database runs.
func (s *store) start() (*documentdb.Database, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.startLocked()
}

func (s *store) startLocked() (*documentdb.Database, error) {
	if s.database != nil && !ended(s.database.Ended()) {
		return s.database, nil
	}
	database, err := documentdb.Start(filepath.Join(s.folder, "data"), s.sockets, frugal...)
	if err != nil {
		return nil, err
	}
	s.database, s.front = database, map[bool]*documentdb.Process{}
	return database, nil
}

// address makes sure that clients are served, and returns the socket to reach.
func (s *store) address(auth bool) (string, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	database, err := s.startLocked()
	if err != nil {
		return "", err
	}
	socket := filepath.Join(s.sockets, map[bool]string{true: "users", false: "anybody"}[auth])
	if running := s.front[auth]; running != nil && !ended(running.Ended) {
		return socket, nil
	}
	_ = os.Remove(socket)
	running, err := database.Serve(auth, "--log-level=warn", "--listen-addr=-", "--listen-unix="+socket)
	if err != nil {
		return "", err
	}
	s.front[auth] = running
	return socket, listens(socket, running)
}

func listens(socket string, server *documentdb.Process) error {
	for {
		if connection, err := net.Dial("unix", socket); err == nil {
			return connection.Close()
		}
		select {
		case <-server.Ended:
			return errors.New("FerretDB did not start")
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func (s *store) stop() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for _, front := range s.front {
		front.Stop(syscall.SIGTERM)
	}
	if s.database != nil {
		s.database.Stop()
	}
	s.database, s.front = nil, nil
}

func ended(signal <-chan struct{}) bool {
	select {
	case <-signal:
		return true
	default:
		return false
	}
}
