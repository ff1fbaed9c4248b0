package member

import (
	"fmt"
	"os"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"

	"gw.test/mongod/internal/command"
	"gw.test/mongod/internal/link"
	"gw.test/mongod/internal/replset"
)

// initiate is replSetInitiate: checks the configuration and its members as mongod does, then leaves the set's id in all volumes.
func (c *client) initiate(body bson.Raw) (bson.Raw, error) {
	m := c.member
	m.configuring.Lock()
	defer m.configuring.Unlock()
	m.mutex.Lock()
	initiated := m.config != nil
	m.mutex.Unlock()
	if initiated {
		return nil, command.AlreadyInit
	}
	text, given := body.Lookup("replSetInitiate").DocumentOK()
	if elements, err := text.Elements(); !given || err != nil || len(elements) == 0 {
		text = m.defaultConfig()
	}
	config, err := replset.Parse(text)
	if err != nil {
		return nil, command.InvalidConfig.Says("%v", err)
	}
	if config.Name != m.options.Set {
		return nil, command.InvalidConfig.Says(
			"Attempting to initiate a replica set with name %s, but command line reports %s; rejecting", config.Name, m.options.Set)
	}
	config.Version, config.Term = 1, 0
	config.Settings.ReplicaSetID = bson.NewObjectID()
	self, err := m.checkMembers(config)
	if err != nil {
		return nil, err
	}
	return command.OK(), m.found(config, self)
}

func (m *Member) defaultConfig() bson.Raw {
	name, err := os.Hostname()
	if err != nil {
		name = "localhost"
	}
	host := fmt.Sprintf("%s:%d", name, m.options.Port)
	return command.Document(bson.D{{Key: "_id", Value: m.options.Set}, {Key: "members", Value: bson.A{bson.D{{Key: "_id", Value: 0}, {Key: "host", Value: host}}}}})
}

// checkMembers asks every member who it is. It returns the one that is this process.
func (m *Member) checkMembers(config *replset.Config) (self *replset.Member, err error) {
	type answer struct {
		peer
		err error
	}
	answers := make([]answer, len(config.Members))
	done := make(chan bool)
	for index, member := range config.Members {
		go func() {
			found, err := m.askWho(member.Host)
			answers[index] = answer{found, err}
			done <- true
		}()
	}
	for range answers {
		<-done
	}
	var silent []string
	for index, answer := range answers {
		host := config.Members[index].Host
		switch {
		case answer.err != nil:
			silent = append(silent, fmt.Sprintf("%s failed with Error connecting to %s :: caused by :: %v", host, host, answer.err))
		case answer.Instance == m.instance:
			self = &config.Members[index]
		}
	}
	if self == nil {
		return nil, command.InvalidConfig.Says("No host described in new configuration with {version: %d, term: %d} for replica set %s maps to this node",
			config.Version, config.Term, config.Name)
	}
	for index, answer := range answers {
		host := config.Members[index].Host
		switch {
		case answer.err != nil || answer.Instance == m.instance:
		case answer.Name != config.Name:
			return nil, command.Incompatible.Says("Our set name did not match that of %s", host)
		case answer.Version >= config.Version:
			return nil, command.Incompatible.Says("Our config version of %d is no larger than the version on %s, which is %d", config.Version, host, answer.Version)
		case config.Version == 1 && answer.HasData:
			return nil, command.HasData.Says("'%s' has data already, cannot initiate set.", host)
		}
	}
	if len(silent) > 0 {
		return nil, command.NodeNotFound.Says(
			"replSetInitiate quorum check failed because not all proposed set members responded affirmatively: %s", strings.Join(silent, ", "))
	}
	return self, nil
}

// found makes the set: its database, its configuration, and its id in every member's volume.
func (m *Member) found(config *replset.Config, self *replset.Member) error {
	m.mutex.Lock()
	id := m.volume.Set
	m.mutex.Unlock()
	if id == "" {
		id = newID()
	}
	if _, err := m.server.Ask(link.Open{Set: id, Question: link.Create}); err != nil {
		return command.NodeNotFound.Says("stand-in: %v", err)
	}
	for _, member := range config.Members {
		if member.ID != self.ID {
			if err := m.tellToJoin(member.Host, id, member.ID); err != nil {
				return command.NodeNotFound.Says("%s failed with %v", member.Host, err)
			}
		}
	}
	if _, err := m.server.Ask(link.Open{Set: id, Member: self.ID, Question: link.Initiate, Config: command.Document(config)}); err != nil {
		return command.NodeNotFound.Says("stand-in: %v", err)
	}
	m.mutex.Lock()
	m.config = config
	m.volume.Set, m.volume.Config, m.volume.HasData = id, command.Document(config), true
	m.mutex.Unlock()
	return m.belong(id, self.ID)
}
