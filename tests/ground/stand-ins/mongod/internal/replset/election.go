package replset

import (
	"math/rand/v2"
	"time"
)

// Nobody is the id of no member.
const Nobody = -1

// Heard is what a member says of itself each time.
type Heard struct {
	// Instance tells a process of the member from the one before it.
	Instance string
	// NotFor is how long the member does not stand for election: it stepped down, or ends.
	NotFor time.Duration
}

type life struct {
	Heard
	at, since, standsAt time.Time
}

// Election decides who is primary: a member that was heard within the election timeout, together with a majority. It is told the
// time, so that it can be tested without waiting. Not safe for use by several goroutines.
type Election struct {
	Config *Config
	Term   int64
	// Number grows with everything that members must learn.
	Number    int64
	Primary   int
	ElectedAt time.Time

	// Whoever initiated the set wins the first election, if it stands before this time.
	first   int
	firstBy time.Time
	lives   map[int]*life
}

// NewElection starts with nobody heard. A set that was just initiated waits an election timeout for its initiator, `first`.
func NewElection(config *Config, term int64, first int, now time.Time) *Election {
	return &Election{
		Config: config, Term: term, Primary: Nobody, first: first, firstBy: now.Add(config.ElectionTimeout()), lives: map[int]*life{},
	}
}

// Hear notes that a member lives. It tells whether this is news to the others.
func (e *Election) Hear(id int, said Heard, now time.Time) {
	before := e.lives[id]
	this := &life{Heard: said, at: now, since: now}
	if before != nil && before.Instance == said.Instance && e.Lives(id, now) {
		this.since = before.since
	} else {
		e.Number++
		// A new process holds nothing that the one before it held.
		if e.Primary == id && before != nil && before.Instance != said.Instance {
			e.Primary = Nobody
		}
	}
	if said.NotFor > 0 {
		this.standsAt = now.Add(said.NotFor)
	}
	e.lives[id] = this
}

// Lives tells whether a member was heard lately.
func (e *Election) Lives(id int, now time.Time) bool {
	life := e.lives[id]
	return life != nil && e.Config != nil && now.Sub(life.at) < e.Config.ElectionTimeout()
}

// HeardAt is when a member was last heard, zero for never; Since is when the time began that it has lived now.
func (e *Election) HeardAt(id int) (at, since time.Time) {
	if life := e.lives[id]; life != nil {
		return life.at, life.since
	}
	return time.Time{}, time.Time{}
}

// Decide brings the primary up to date. It returns the instances that lost the primaryship without having given it up: what they
// still have under way must not count.
func (e *Election) Decide(now time.Time) (lost []string) {
	if e.Config == nil {
		return nil
	}
	if e.Primary != Nobody {
		lost = e.maybeEnd(now)
	}
	if e.Primary == Nobody {
		e.maybeElect(now)
	}
	return lost
}

// IsPrimary tells whether a member's process holds the lock.
func (e *Election) IsPrimary(instance string, now time.Time) bool {
	return e.Primary != Nobody && e.lives[e.Primary].Instance == instance && e.Lives(e.Primary, now)
}

func (e *Election) maybeEnd(now time.Time) (lost []string) {
	life, member := e.lives[e.Primary], e.Config.Member(e.Primary)
	switch {
	case now.Before(life.standsAt):
		// It has stepped down before it said so.
	case !e.Lives(e.Primary, now), !e.hasMajority(now), member == nil, member.Priority == 0, e.mayTakeOver(now):
		lost = []string{life.Instance}
	default:
		return nil
	}
	e.Primary = Nobody
	e.Number++
	return lost
}

func (e *Election) hasMajority(now time.Time) bool {
	votes := 0
	for _, member := range e.Config.Members {
		if e.Lives(member.ID, now) {
			votes += member.Votes
		}
	}
	return votes >= e.Config.Majority()
}

// A member of higher priority that has lived for an election timeout takes the primaryship over.
func (e *Election) mayTakeOver(now time.Time) bool {
	for _, member := range e.candidates(now) {
		if member.Priority > e.Config.Member(e.Primary).Priority &&
			now.Sub(e.lives[member.ID].since) >= e.Config.ElectionTimeout() {
			return true
		}
	}
	return false
}

func (e *Election) candidates(now time.Time) (found []Member) {
	for _, member := range e.Config.Members {
		if member.Priority > 0 && e.Lives(member.ID, now) && !now.Before(e.lives[member.ID].standsAt) {
			found = append(found, member)
		}
	}
	return found
}

func (e *Election) maybeElect(now time.Time) {
	if !e.hasMajority(now) {
		return
	}
	var best []Member
	for _, member := range e.candidates(now) {
		switch {
		case e.first != Nobody && e.first != member.ID && now.Before(e.firstBy):
		case len(best) == 0 || member.Priority > best[0].Priority:
			best = []Member{member}
		case member.Priority == best[0].Priority:
			best = append(best, member)
		}
	}
	if len(best) == 0 {
		return
	}
	// mongod's members wait for a random time each before they stand for election.
	e.Primary, e.first = best[rand.IntN(len(best))].ID, Nobody
	e.ElectedAt = now
	e.Term++
	e.Number++
}
