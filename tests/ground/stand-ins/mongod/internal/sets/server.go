// Package sets is the ground's server of replica sets. Each set has a DocumentDB of its own here, started when a member first
// asks for it, and its members' lock: who is primary.
package sets

import (
	"errors"
	"fmt"
	"log"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sync"
	"time"

	"gw.test/mongod/internal/link"
)

// Server holds all sets.
type Server struct {
	// Key is what members must know.
	Key string
	// Data is the folder of the sets' data, Sockets that of their sockets.
	Data, Sockets string

	mutex sync.Mutex
	sets  map[string]*set
}

// Serve answers members until the listener is closed.
func (s *Server) Serve(listener net.Listener) error {
	for {
		raw, err := listener.Accept()
		if err != nil {
			return err
		}
		go s.talk(link.NewConnection(raw))
	}
}

func (s *Server) talk(connection *link.Connection) {
	defer connection.Close()
	var open link.Open
	if err := connection.Receive(&open); err != nil {
		return
	}
	if open.Key != s.Key {
		_ = connection.Send(link.Answer{Error: "the key is wrong: this image was made by another ground"})
		return
	}
	if err := s.serve(connection, open); err != nil {
		log.Printf("set %s, member %d, %s %s: %v", open.Set, open.Member, open.Purpose, open.Question, err)
		// Only where nothing was answered yet does anybody read this.
		_ = connection.Send(link.Answer{Error: err.Error()})
	}
}

func (s *Server) serve(connection *link.Connection, open link.Open) error {
	if open.Purpose == link.Call && open.Question == link.Keep {
		dropped, err := s.keep(open.Sets)
		if err != nil {
			return err
		}
		return connection.Send(link.Answer{Dropped: dropped})
	}
	set, err := s.find(open.Set, open.Purpose == link.Call && open.Question == link.Create)
	if err != nil {
		return err
	}
	set.use()
	defer set.leave()
	switch open.Purpose {
	case link.Control:
		return set.control(connection, open)
	case link.Data:
		return set.data(connection, open)
	case link.Call:
		answer, err := set.answer(open)
		if err != nil {
			return err
		}
		return connection.Send(answer)
	default:
		return fmt.Errorf("unknown purpose %q", open.Purpose)
	}
}

var validID = regexp.MustCompile(`^[0-9a-f]{16}$`)

func (s *Server) find(id string, create bool) (*set, error) {
	if !validID.MatchString(id) {
		return nil, fmt.Errorf("%q is no id of a set", id)
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if found := s.sets[id]; found != nil {
		return found, nil
	}
	folder := filepath.Join(s.Data, id)
	_, err := os.Stat(folder)
	if errors.Is(err, os.ErrNotExist) && create {
		err = os.MkdirAll(folder, 0o700)
	}
	if err != nil {
		return nil, fmt.Errorf("the data of set %s is not here any more; it begins anew with an empty volume (down --volumes)", id)
	}
	found, err := newSet(folder, filepath.Join(s.Sockets, id))
	if err != nil {
		return nil, err
	}
	if s.sets == nil {
		s.sets = map[string]*set{}
	}
	s.sets[id] = found
	return found, nil
}

// A set that was used so lately may have a volume that the ground has not seen yet.
const young = 10 * time.Minute

// keep drops the data of all sets but these, those in use, and young ones.
func (s *Server) keep(named []string) (dropped []string, err error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	folders, err := os.ReadDir(s.Data)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	for _, folder := range folders {
		id := folder.Name()
		found, statErr := folder.Info()
		if slices.Contains(named, id) || statErr != nil || time.Since(found.ModTime()) < young {
			continue
		}
		if known := s.sets[id]; known != nil {
			if known.isUsed() {
				continue
			}
			known.store.stop()
			delete(s.sets, id)
		}
		dropped = append(dropped, id)
		err = errors.Join(err, os.RemoveAll(filepath.Join(s.Data, id)))
	}
	return dropped, err
}

// Stop ends every database.
func (s *Server) Stop() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for _, set := range s.sets {
		set.store.stop()
	}
}
