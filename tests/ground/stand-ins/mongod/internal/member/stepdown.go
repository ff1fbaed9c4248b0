package member

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"gw.test/mongod/internal/command"
)

// stepDown is replSetStepDown: writes that are under way end first, and none is taken any more.
func (c *client) stepDown(body bson.Raw) (bson.Raw, error) {
	m := c.member
	seconds, ok := body.Lookup("replSetStepDown").AsInt64OK()
	if !ok {
		seconds = 60
	}
	force, _ := body.Lookup("force").BooleanOK()
	catchUp, given := body.Lookup("secondaryCatchUpPeriodSecs").AsInt64OK()
	if !given && !force {
		catchUp = 10
	}
	switch {
	case seconds < 0:
		return nil, command.BadValue.Says("stepdown period must be a positive integer")
	case catchUp < 0:
		return nil, command.BadValue.Says("secondaryCatchUpPeriodSecs period must be a positive or absent")
	case given && catchUp > seconds:
		return nil, command.BadValue.Says("stepdown period must be longer than secondaryCatchUpPeriodSecs")
	}
	m.mutex.Lock()
	role := m.refresh()
	switch {
	case m.config == nil:
		m.mutex.Unlock()
		return nil, command.NotYetInit
	case !role.writable:
		m.mutex.Unlock()
		return nil, command.NotPrimary.Says("not primary so can't step down")
	case !force && !m.hasSuccessor():
		m.mutex.Unlock()
		return nil, command.TimeLimit.Says("No electable secondaries caught up as of %s. Please use the replSetStepDown command with the argument {force: true} to force node to step down.",
			time.Now().UTC().Format("2006-01-02T15:04:05.000-0700"))
	}
	m.standsAt = time.Now().Add(time.Duration(seconds) * time.Second)
	m.refresh()
	m.mutex.Unlock()
	m.writing.Wait()
	m.beat()
	m.awaitHandOver()
	return command.OK(), nil
}

// hasSuccessor tells whether another member can be elected; the mutex is held.
func (m *Member) hasSuccessor() bool {
	for _, member := range m.config.Members {
		if member.ID != m.volume.Member && member.Priority > 0 && m.life(member.ID).Lives {
			return true
		}
	}
	return false
}

// awaitHandOver waits until the lock is another's, but not for long: without a majority it is nobody's.
func (m *Member) awaitHandOver() {
	limit, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	for {
		m.mutex.Lock()
		over, changed := m.view.Primary != m.volume.Member, m.changed
		m.mutex.Unlock()
		if over {
			return
		}
		select {
		case <-changed:
		case <-limit.Done():
			return
		}
	}
}

func (c *client) freeze(body bson.Raw) (bson.Raw, error) {
	seconds, _ := body.Lookup("replSetFreeze").AsInt64OK()
	m := c.member
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if m.config == nil {
		return nil, command.NotYetInit
	}
	if m.refresh().writable {
		return nil, command.BadValue.Says("cannot freeze node when primary or running for election. state: Primary")
	}
	m.standsAt = time.Now().Add(time.Duration(seconds) * time.Second)
	m.beat()
	return command.OK(), nil
}
