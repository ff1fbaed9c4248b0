package sets

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"gw.test/mongod/internal/link"
	"gw.test/mongod/internal/replset"
)

// How often it is looked who fell silent.
const tick = 50 * time.Millisecond

// set is one replica set, or a member's data before there is a set.
type set struct {
	folder string
	store  store
	writes writes

	mutex    sync.Mutex
	election *replset.Election
	config   []byte
	// The members that are connected, by _id; the newest connection of each.
	members map[int]*member
	// Connections of clients, by the instance of the member that they came through.
	clients map[string]map[net.Conn]bool

	users   int
	unwatch chan struct{}
	stop    *time.Timer
}

// kept is what outlives the server.
type kept struct {
	Config []byte `json:"config"`
	Term   int64  `json:"term"`
}

func newSet(folder, sockets string) (*set, error) {
	s := &set{
		folder: folder, store: store{folder: folder, sockets: sockets}, writes: newWrites(),
		members: map[int]*member{}, clients: map[string]map[net.Conn]bool{},
	}
	var kept kept
	text, err := os.ReadFile(s.file())
	if errors.Is(err, os.ErrNotExist) {
		return s, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &kept)
	}
	if err != nil {
		return nil, err
	}
	return s, s.begin(kept.Config, kept.Term, replset.Nobody)
}

func (s *set) file() string { return filepath.Join(s.folder, "set.json") }

func (s *set) begin(text []byte, term int64, first int) error {
	config, err := replset.Parse(bson.Raw(text))
	if err != nil {
		return err
	}
	s.config = text
	s.election = replset.NewElection(config, term, first, time.Now())
	return nil
}

func (s *set) keep() error {
	text, err := json.Marshal(kept{Config: s.config, Term: s.election.Term})
	if err != nil {
		return err
	}
	fresh := s.file() + ".new"
	return errors.Join(os.WriteFile(fresh, text, 0o600), os.Rename(fresh, s.file()))
}

// use and leave count who needs the database.
func (s *set) use() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.users++; s.users > 1 {
		return
	}
	if s.stop != nil {
		s.stop.Stop()
	}
	s.unwatch = make(chan struct{})
	go s.watch(s.unwatch)
}

func (s *set) isUsed() bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.users > 0
}

func (s *set) leave() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	now := time.Now()
	_ = os.Chtimes(s.folder, now, now)
	if s.users--; s.users == 0 {
		close(s.unwatch)
		s.stop = time.AfterFunc(idle, func() {
			s.mutex.Lock()
			defer s.mutex.Unlock()
			if s.users == 0 {
				s.store.stop()
			}
		})
	}
}

func (s *set) answer(open link.Open) (link.Answer, error) {
	database, err := s.store.start()
	if err != nil {
		return link.Answer{}, err
	}
	switch open.Question {
	case link.Create:
		return link.Answer{}, nil
	case link.AddUser:
		return link.Answer{}, database.AddUser(open.User, open.Password)
	case link.HasUsers:
		has, err := database.HasUsers()
		return link.Answer{Yes: has}, err
	case link.Initiate:
		return link.Answer{}, s.initiate(open)
	case link.Reconfig:
		return link.Answer{}, s.reconfigure(open)
	default:
		return link.Answer{}, fmt.Errorf("unknown question %q", open.Question)
	}
}

func (s *set) initiate(open link.Open) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.election != nil {
		return errors.New("already initialized")
	}
	if err := s.begin(open.Config, 0, open.Member); err != nil {
		return err
	}
	return s.keep()
}

func (s *set) reconfigure(open link.Open) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	config, err := replset.Parse(open.Config)
	if err != nil {
		return err
	}
	if s.election == nil {
		return errors.New("the set is not initiated")
	}
	s.config, s.election.Config = open.Config, config
	s.election.Number++
	s.tell()
	return s.keep()
}
