// Package member is mongod with --replSet: it takes clients' connections, answers what concerns the set itself, and passes the rest
// to the set's database as long as its role in the set allows it.
package member

import (
	"fmt"
	"log"
	"net"
	"os"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"gw.test/mongod/internal/link"
	"gw.test/mongod/internal/options"
	"gw.test/mongod/internal/replset"
)

// Member is one running mongod.
type Member struct {
	options options.Options
	key     options.Key
	server  link.Server
	// Tells this process from all others.
	instance bson.ObjectID
	started  time.Time

	// Only one replSetInitiate or replSetReconfig at a time.
	configuring sync.Mutex

	mutex  sync.Mutex
	volume volume
	config *replset.Config
	view   link.View
	// The lease: until when this member is primary if the view says so.
	until time.Time
	// It does not stand for election before, because it stepped down or ends.
	standsAt time.Time
	ending   bool
	// What hello says changed so often; changed is closed at the next change.
	counter int64
	changed chan struct{}
	said    role
	// Commands that write and are under way; a step-down waits for them.
	writing sync.WaitGroup
	clients map[*client]bool
	beatNow chan struct{}
}

// role is what others see of a member.
type role struct {
	writable, secondary, initiated bool
	primary                        int
	version, term                  int64
}

// New reads what the data folder holds, and makes the first user where the environment names one and the folder is empty.
func New(given options.Options, key options.Key, server link.Server) (*Member, error) {
	held, err := readVolume(given.Data)
	if err != nil {
		return nil, err
	}
	m := &Member{
		options: given, key: key, server: server, volume: held, instance: bson.NewObjectID(), started: time.Now(),
		view: link.View{Primary: replset.Nobody}, said: role{primary: replset.Nobody}, changed: make(chan struct{}), clients: map[*client]bool{}, beatNow: make(chan struct{}, 1),
	}
	if len(held.Config) > 0 {
		if m.config, err = replset.Parse(held.Config); err != nil {
			return nil, err
		}
	}
	return m, m.firstUser()
}

func (m *Member) firstUser() error {
	user, password := os.Getenv("MONGO_INITDB_ROOT_USERNAME"), os.Getenv("MONGO_INITDB_ROOT_PASSWORD")
	if m.volume.Set != "" || user == "" {
		return nil
	}
	id := newID()
	if _, err := m.server.Ask(link.Open{Set: id, Question: link.Create}); err != nil {
		return err
	}
	if _, err := m.server.Ask(link.Open{Set: id, Question: link.AddUser, User: user, Password: password}); err != nil {
		return fmt.Errorf("the first user could not be made: %w", err)
	}
	m.volume.Set, m.volume.HasData = id, true
	return m.volume.write()
}

// Run serves clients until the listener is closed.
func (m *Member) Run(listener net.Listener) error {
	go m.follow()
	for {
		raw, err := listener.Accept()
		if err != nil {
			return err
		}
		go m.serve(raw)
	}
}

// End hands the primaryship over, gives clients the time to see it, and hangs up.
func (m *Member) End() {
	m.mutex.Lock()
	m.ending = true
	m.standsAt = time.Now().Add(24 * time.Hour)
	initiated := m.config != nil
	m.refresh()
	m.mutex.Unlock()
	if initiated {
		m.writing.Wait()
		m.beat()
		time.Sleep(m.options.Shutdown)
	}
	m.hangUp()
}

func (m *Member) hangUp() {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	for client := range m.clients {
		client.Close()
	}
}

// role is what the member is at this moment; the mutex is held.
func (m *Member) role() role {
	now := time.Now()
	role := role{primary: replset.Nobody}
	if m.config == nil {
		return role
	}
	role.initiated = true
	role.version, role.term = m.config.Version, m.view.Term
	if now.Before(m.until) {
		role.primary = m.view.Primary
	}
	mine := role.primary == m.volume.Member
	if mine && now.Before(m.standsAt) {
		role.primary = replset.Nobody
	}
	role.writable = mine && !now.Before(m.standsAt)
	role.secondary = !role.writable && m.config.Member(m.volume.Member) != nil
	return role
}

// refresh tells those who wait for a change of hello; the mutex is held.
func (m *Member) refresh() role {
	role := m.role()
	if role != m.said {
		if role.writable != m.said.writable || role.primary != m.said.primary {
			log.Printf("%s", describe(role, m.config))
		}
		m.said = role
		m.counter++
		close(m.changed)
		m.changed = make(chan struct{})
	}
	return role
}

func describe(role role, config *replset.Config) string {
	primary := "nobody is primary"
	if role.primary != replset.Nobody {
		primary = config.Member(role.primary).Host + " is primary"
	}
	return fmt.Sprintf("%s, term %d", primary, role.term)
}
