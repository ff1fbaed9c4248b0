package member

import (
	"errors"
	"log"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"gw.test/mongod/internal/link"
	"gw.test/mongod/internal/replset"
)

const (
	// Before the configuration is known.
	beforeConfig = 200 * time.Millisecond
	// A server that says nothing for so long is on a connection that is dead, as after a cut of the network.
	silence = 2 * time.Second
	// Between attempts to reach the server.
	again = 200 * time.Millisecond
)

// follow keeps the connection to the set's lock, from the moment on that the volume names a set.
func (m *Member) follow() {
	for reported := ""; ; {
		m.mutex.Lock()
		open := link.Open{
			Purpose: link.Control, Set: m.volume.Set, Member: m.volume.Member, Instance: m.instance.Hex(), Auth: m.options.Auth,
		}
		m.mutex.Unlock()
		if open.Set != "" && open.Member >= 0 {
			err := m.exchange(open)
			if text := err.Error(); text != reported {
				log.Printf("replica set: %v", err)
				reported = text
			}
		}
		select {
		case <-m.beatNow:
		case <-time.After(again):
		}
		m.look()
	}
}

// look notices a lease that ran out.
func (m *Member) look() {
	m.mutex.Lock()
	before := m.said
	now := m.refresh()
	m.mutex.Unlock()
	if before.writable && !now.writable && !m.isEnding() {
		// What is under way on these cannot be acknowledged any more.
		m.hangUp()
	}
}

func (m *Member) isEnding() bool {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	return m.ending || time.Now().Before(m.standsAt)
}

// exchange sends heartbeats and takes in views until the connection breaks; never without an error.
func (m *Member) exchange(open link.Open) error {
	connection, _, err := m.server.Dial(open)
	if err != nil {
		return err
	}
	defer connection.Close()
	views := make(chan link.View)
	broken := make(chan error, 1)
	go func() {
		for {
			var view link.View
			if err := connection.Receive(&view); err != nil {
				broken <- err
				return
			}
			views <- view
		}
	}()
	defer func() {
		connection.Close()
		for {
			select {
			case <-views:
			case <-broken:
				return
			}
		}
	}()
	sent, heard := map[int64]time.Time{}, time.Now()
	for number := int64(1); ; number++ {
		sent[number] = time.Now()
		if err := m.sayAlive(connection, number); err != nil {
			return err
		}
		if time.Since(heard) > silence {
			return errors.New("the server of replica sets does not answer any more")
		}
		next := time.After(m.interval())
	waiting:
		for {
			select {
			case view := <-views:
				heard = time.Now()
				if at, ok := sent[view.Acknowledged]; ok {
					m.take(view, at)
					for known := range sent {
						if known < view.Acknowledged {
							delete(sent, known)
						}
					}
				}
			case err := <-broken:
				return errors.Join(errors.New("the connection to the server of replica sets broke"), err)
			case <-m.beatNow:
				break waiting
			case <-next:
				break waiting
			}
		}
		m.look()
	}
}

func (m *Member) sayAlive(connection *link.Connection, number int64) error {
	m.mutex.Lock()
	beat := link.Heartbeat{Number: number, NotForMillis: max(0, time.Until(m.standsAt).Milliseconds())}
	m.mutex.Unlock()
	_ = connection.SetWriteDeadline(time.Now().Add(time.Second))
	return connection.Send(beat)
}

func (m *Member) interval() time.Duration {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if m.config == nil {
		return beforeConfig
	}
	return min(time.Duration(m.config.Settings.HeartbeatIntervalMillis)*time.Millisecond, m.config.ElectionTimeout()/4)
}

// beat has the next heartbeat sent at once.
func (m *Member) beat() {
	select {
	case m.beatNow <- struct{}{}:
	default:
	}
}

// take acts upon what the server says in answer to a heartbeat of that time.
func (m *Member) take(view link.View, at time.Time) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if len(view.Config) > 0 && string(view.Config) != string(m.view.Config) {
		config, err := replset.Parse(bson.Raw(view.Config))
		if err != nil {
			log.Printf("configuration: %v", err)
			return
		}
		m.config = config
		m.volume.Config, m.volume.HasData = view.Config, true
		if err := m.volume.write(); err != nil {
			log.Printf("volume: %v", err)
		}
	}
	m.view = view
	if m.config != nil {
		m.until = at.Add(m.config.ElectionTimeout())
	}
	m.refresh()
}
