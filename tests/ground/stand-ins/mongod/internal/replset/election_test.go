package replset

import (
	"testing"
	"time"
)

// A set of three with an election timeout of 2 s, and a clock that only the test moves.
type scene struct {
	*testing.T
	election *Election
	now      time.Time
}

func newScene(t *testing.T, first int, priorities ...float64) *scene {
	config := &Config{Settings: Settings{ElectionTimeoutMillis: 2000}}
	for id, priority := range priorities {
		config.Members = append(config.Members, Member{ID: id, Priority: priority, Votes: 1})
	}
	now := time.Unix(1000, 0)
	return &scene{t, NewElection(config, 0, first, now), now}
}

// pass lets time go by, in steps in which these members say that they live.
func (s *scene) pass(length time.Duration, living ...int) (lost []string) {
	const step = 100 * time.Millisecond
	for ; length > 0; length -= step {
		s.now = s.now.Add(step)
		for _, id := range living {
			s.hear(id, "first", 0)
		}
		lost = append(lost, s.election.Decide(s.now)...)
	}
	return lost
}

func (s *scene) hear(id int, instance string, notFor time.Duration) {
	s.election.Hear(id, Heard{Instance: instance, NotFor: notFor}, s.now)
}

func (s *scene) primaryIs(id int, term int64) {
	s.Helper()
	if s.election.Primary != id || s.election.Term != term {
		s.Fatalf("primary %d, term %d; expected %d, %d", s.election.Primary, s.election.Term, id, term)
	}
}

// Without a majority nobody is primary, with one the highest priority is.
func TestMajorityElects(t *testing.T) {
	s := newScene(t, Nobody, 1, 2, 0)
	s.pass(time.Second, 2)
	s.primaryIs(Nobody, 0)
	s.pass(100*time.Millisecond, 1, 2)
	s.primaryIs(1, 1)
}

// Whoever initiated the set is its first primary, also when the others are there before it; but they do not wait for ever.
func TestInitiatorIsFirst(t *testing.T) {
	s := newScene(t, 2, 3, 1, 1)
	s.pass(time.Second, 0, 1)
	s.primaryIs(Nobody, 0)
	s.pass(100*time.Millisecond, 0, 1, 2)
	s.primaryIs(2, 1)

	s = newScene(t, 2, 3, 1, 1)
	s.pass(2*time.Second, 0, 1)
	s.primaryIs(0, 1)
}

// A silent primary loses the lock after the election timeout and not before, and its writes are named as lost.
func TestSilenceEnds(t *testing.T) {
	s := newScene(t, Nobody, 2, 1, 0)
	s.pass(100*time.Millisecond, 0, 1, 2)
	if lost := s.pass(1900*time.Millisecond, 1, 2); lost != nil {
		t.Fatalf("lost too early: %v", lost)
	}
	s.primaryIs(0, 1)
	lost := s.pass(100*time.Millisecond, 1, 2)
	if len(lost) != 1 || lost[0] != "first" {
		t.Fatalf("lost: %v", lost)
	}
	s.primaryIs(1, 2)
}

// A primary that is left alone has no majority, and nobody takes its place.
func TestMinorityEnds(t *testing.T) {
	s := newScene(t, 0, 1, 1, 1)
	s.pass(100*time.Millisecond, 0, 1, 2)
	lost := s.pass(2*time.Second, 0)
	s.primaryIs(Nobody, 1)
	if len(lost) != 1 || s.election.IsPrimary("first", s.now) {
		t.Fatalf("lost: %v", lost)
	}
}

// A primary that steps down hands over at once, and stands again when its time is over.
func TestStepDownHandsOver(t *testing.T) {
	s := newScene(t, Nobody, 2, 1, 0)
	s.pass(100*time.Millisecond, 0, 1, 2)
	s.hear(0, "first", 5*time.Second)
	if lost := s.election.Decide(s.now); lost != nil {
		t.Fatalf("it ended its writes itself, and yet lost: %v", lost)
	}
	s.primaryIs(1, 2)
	for remaining := 5 * time.Second; remaining > 0; remaining -= time.Second {
		s.pass(time.Second, 1, 2)
		s.hear(0, "first", remaining)
	}
	s.primaryIs(1, 2)
	s.pass(100*time.Millisecond, 0, 1, 2)
	s.primaryIs(0, 3)
}

// A process that was started again is not primary because the one before it was.
func TestNewProcessHoldsNothing(t *testing.T) {
	s := newScene(t, Nobody, 1, 0, 0)
	s.pass(100*time.Millisecond, 0, 1, 2)
	s.hear(0, "second", 0)
	if s.election.IsPrimary("first", s.now) || s.election.IsPrimary("second", s.now) {
		t.Fatal("still primary")
	}
	s.election.Decide(s.now)
	s.primaryIs(0, 2)
	if !s.election.IsPrimary("second", s.now) {
		t.Fatal("not primary")
	}
}

// A member of higher priority that comes back takes over once it has lived for an election timeout.
func TestPriorityTakesOver(t *testing.T) {
	s := newScene(t, Nobody, 2, 1, 1)
	s.pass(100*time.Millisecond, 1, 2)
	former := s.election.Primary
	s.pass(2*time.Second, 0, 1, 2)
	s.primaryIs(former, 1)
	s.pass(100*time.Millisecond, 0, 1, 2)
	s.primaryIs(0, 2)
}
