package member

import (
	"go.mongodb.org/mongo-driver/v2/bson"

	"gw.test/mongod/internal/command"
	"gw.test/mongod/internal/link"
	"gw.test/mongod/internal/replset"
)

// reconfigure is replSetReconfig.
func (c *client) reconfigure(body bson.Raw) (bson.Raw, error) {
	m := c.member
	m.configuring.Lock()
	defer m.configuring.Unlock()
	text, _ := body.Lookup("replSetReconfig").DocumentOK()
	force, _ := body.Lookup("force").BooleanOK()
	config, err := replset.Parse(text)
	if err != nil {
		return nil, command.InvalidConfig.Says("%v", err)
	}
	m.mutex.Lock()
	current, writable, self, set := m.config, m.refresh().writable, m.volume.Member, m.volume.Set
	m.mutex.Unlock()
	switch {
	case current == nil:
		return nil, command.NotYetInit
	case !writable && !force:
		return nil, command.NotPrimary.Says("Safe reconfig is only allowed on a writable PRIMARY. Current state SECONDARY")
	case config.Name != current.Name:
		return nil, command.Incompatible.Says("New and old configurations differ in replica set name; old was %s, and new is %s", current.Name, config.Name)
	case config.Version <= current.Version && !force:
		return nil, command.Incompatible.Says("New replica set configuration version must be greater than old, but %d is not greater than %d for replica set %s",
			config.Version, current.Version, config.Name)
	case config.Member(self) == nil:
		return nil, command.NodeNotFound.Says("No host described in new configuration with {version: %d, term: %d} for replica set %s maps to this node",
			config.Version, current.Term, config.Name)
	}
	config.Version = max(config.Version, current.Version+1)
	config.Settings.ReplicaSetID = current.Settings.ReplicaSetID
	for _, member := range config.Members {
		if known := current.Member(member.ID); known == nil || known.Host != member.Host {
			if err := m.tellToJoin(member.Host, set, member.ID); err != nil {
				return nil, command.NodeNotFound.Says("%s failed with %v", member.Host, err)
			}
		}
	}
	if _, err := m.server.Ask(link.Open{Set: set, Question: link.Reconfig, Config: command.Document(config)}); err != nil {
		return nil, command.NodeNotFound.Says("stand-in: %v", err)
	}
	return command.OK(), nil
}
