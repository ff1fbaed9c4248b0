package sets

import (
	"log"
	"net"
	"time"

	"gw.test/mongod/internal/link"
	"gw.test/mongod/internal/replset"
)

const silence = 30 * time.Second

// member is a member that is connected.
type member struct {
	instance string
	heard    int64
	// News wakes the goroutine that writes to it.
	news chan struct{}
}

// control hears one member's heartbeats and tells it what there is to know, until either side hangs up.
func (s *set) control(connection *link.Connection, open link.Open) error {
	if _, err := s.store.address(open.Auth); err != nil {
		return err
	}
	if err := connection.Send(link.Answer{}); err != nil {
		return err
	}
	this := &member{instance: open.Instance, news: make(chan struct{}, 1)}
	s.mutex.Lock()
	s.members[open.Member] = this
	s.mutex.Unlock()
	done := make(chan struct{})
	defer close(done)
	go s.inform(connection, this, done)
	for {
		// Members send heartbeats at least so often; one that was cut off leaves a connection that nobody ends.
		_ = connection.SetReadDeadline(time.Now().Add(silence))
		var beat link.Heartbeat
		if err := connection.Receive(&beat); err != nil {
			s.gone(open.Member, this)
			return nil
		}
		s.hear(open.Member, this, beat)
	}
}

func (s *set) hear(id int, this *member, beat link.Heartbeat) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.members[id] != this {
		return
	}
	this.heard = beat.Number
	if s.election != nil {
		s.election.Hear(id, replset.Heard{
			Instance: this.instance, NotFor: time.Duration(beat.NotForMillis) * time.Millisecond,
		}, time.Now())
		s.decide()
	}
	this.wake()
}

// A connection that broke says nothing about who is primary: as with mongod, only silence does.
func (s *set) gone(id int, this *member) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.members[id] == this {
		delete(s.members, id)
	}
}

// watch looks for members that fell silent, as long as anybody uses the set.
func (s *set) watch(stop <-chan struct{}) {
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for {
		select {
		case <-stop:
			return
		case <-ticker.C:
			s.mutex.Lock()
			if s.election != nil {
				s.decide()
			}
			s.mutex.Unlock()
		}
	}
}

// decide brings the primary up to date; the mutex is held.
func (s *set) decide() {
	before, term := s.election.Number, s.election.Term
	for _, instance := range s.election.Decide(time.Now()) {
		// What it still has under way must not be acknowledged any more.
		for client := range s.clients[instance] {
			client.Close()
		}
	}
	if s.election.Term != term {
		if err := s.keep(); err != nil {
			log.Printf("%s: %v", s.folder, err)
		}
	}
	if s.election.Number != before {
		s.tell()
	}
}

// tell wakes whoever tells the members; the mutex is held.
func (s *set) tell() {
	for _, member := range s.members {
		member.wake()
	}
}

func (m *member) wake() {
	select {
	case m.news <- struct{}{}:
	default:
	}
}

func (s *set) inform(connection net.Conn, this *member, done <-chan struct{}) {
	lines := link.NewConnection(connection)
	for {
		select {
		case <-done:
			return
		case <-this.news:
		}
		// A member that was paused or cut off takes nothing.
		_ = connection.SetWriteDeadline(time.Now().Add(5 * time.Second))
		if lines.Send(s.view(this)) != nil {
			connection.Close()
			return
		}
	}
}

func (s *set) view(this *member) link.View {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	view := link.View{Acknowledged: this.heard, Primary: replset.Nobody}
	if s.election == nil {
		return view
	}
	now := time.Now()
	view.Number, view.Config, view.Term = s.election.Number, s.config, s.election.Term
	view.Primary, view.ElectedAt = s.election.Primary, s.election.ElectedAt
	view.WrittenAt, view.Writes = s.writes.last()
	for _, member := range s.election.Config.Members {
		at, since := s.election.HeardAt(member.ID)
		view.Members = append(view.Members, link.Life{ID: member.ID, Lives: s.election.Lives(member.ID, now), At: at, Since: since})
	}
	return view
}
