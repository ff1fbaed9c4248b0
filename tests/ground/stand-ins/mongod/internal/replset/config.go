// Package replset holds what the members of a replica set agree on: the configuration, and who is primary.
package replset

import (
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// Config is what replSetInitiate and replSetReconfig take and replSetGetConfig shows.
type Config struct {
	Name            string   `bson:"_id"`
	Version         int64    `bson:"version,minsize"`
	Term            int64    `bson:"term"`
	Members         []Member `bson:"members"`
	ProtocolVersion int64    `bson:"protocolVersion"`
	MajorityJournal bool     `bson:"writeConcernMajorityJournalDefault"`
	Settings        Settings `bson:"settings"`
}

// Member is one server of the set.
type Member struct {
	ID           int               `bson:"_id"`
	Host         string            `bson:"host"`
	ArbiterOnly  bool              `bson:"arbiterOnly"`
	BuildIndexes bool              `bson:"buildIndexes"`
	Hidden       bool              `bson:"hidden"`
	Priority     float64           `bson:"priority"`
	Tags         map[string]string `bson:"tags"`
	Delay        int64             `bson:"secondaryDelaySecs"`
	Votes        int               `bson:"votes"`
}

// Settings are times, in milliseconds but for one; the rest is kept and shown.
type Settings struct {
	ChainingAllowed         bool          `bson:"chainingAllowed"`
	HeartbeatIntervalMillis int64         `bson:"heartbeatIntervalMillis,minsize"`
	HeartbeatTimeoutSecs    int64         `bson:"heartbeatTimeoutSecs,minsize"`
	ElectionTimeoutMillis   int64         `bson:"electionTimeoutMillis,minsize"`
	CatchUpTimeoutMillis    int64         `bson:"catchUpTimeoutMillis,minsize"`
	CatchUpTakeoverMillis   int64         `bson:"catchUpTakeoverDelayMillis,minsize"`
	GetLastErrorModes       bson.M        `bson:"getLastErrorModes"`
	GetLastErrorDefaults    bson.M        `bson:"getLastErrorDefaults"`
	ReplicaSetID            bson.ObjectID `bson:"replicaSetId"`
}

// ElectionTimeout is how long a member may be silent.
func (c *Config) ElectionTimeout() time.Duration {
	return time.Duration(c.Settings.ElectionTimeoutMillis) * time.Millisecond
}

// Member finds a member by its id, nil where there is none.
func (c *Config) Member(id int) *Member {
	for index := range c.Members {
		if c.Members[index].ID == id {
			return &c.Members[index]
		}
	}
	return nil
}

// Majority is how many votes elect a primary.
func (c *Config) Majority() int {
	votes := 0
	for _, member := range c.Members {
		votes += member.Votes
	}
	return votes/2 + 1
}

// Parse reads a configuration and fills in what it does not say, as mongod does.
func Parse(text bson.Raw) (*Config, error) {
	if err := onlyKnown(text, "ReplSetConfig", "_id", "version", "term", "members", "protocolVersion",
		"writeConcernMajorityJournalDefault", "settings", "configsvr"); err != nil {
		return nil, err
	}
	config := &Config{
		Version: 1, ProtocolVersion: 1, MajorityJournal: true,
		Settings: Settings{
			ChainingAllowed: true, HeartbeatIntervalMillis: 2000, HeartbeatTimeoutSecs: 10,
			ElectionTimeoutMillis: 10000, CatchUpTimeoutMillis: -1, CatchUpTakeoverMillis: 30000,
			GetLastErrorModes: bson.M{}, GetLastErrorDefaults: bson.M{"w": 1, "wtimeout": 0},
		},
	}
	members := text.Lookup("members")
	array, ok := members.ArrayOK()
	if !ok {
		return nil, fmt.Errorf("BSON field 'ReplSetConfig.members' is missing but a required field")
	}
	values, err := array.Values()
	if err != nil {
		return nil, err
	}
	defaults := make([]Member, len(values))
	for index := range defaults {
		defaults[index] = Member{BuildIndexes: true, Priority: 1, Votes: 1, Tags: map[string]string{}}
		document, ok := values[index].DocumentOK()
		if !ok {
			return nil, fmt.Errorf("BSON field 'ReplSetConfig.members.%d' is no object", index)
		}
		if err := onlyKnown(document, "MemberConfig", "_id", "host", "arbiterOnly", "buildIndexes", "hidden", "priority",
			"tags", "secondaryDelaySecs", "votes"); err != nil {
			return nil, err
		}
		if document.Lookup("arbiterOnly").Type == bson.TypeBoolean && document.Lookup("arbiterOnly").Boolean() {
			defaults[index].Priority = 0
		}
		if err := bson.Unmarshal(document, &defaults[index]); err != nil {
			return nil, err
		}
		if defaults[index].Host != "" {
			defaults[index].Host = withPort(defaults[index].Host)
		}
	}
	if err := bson.Unmarshal(text, config); err != nil {
		return nil, err
	}
	config.Members = defaults
	return config, config.check()
}

func onlyKnown(document bson.Raw, what string, known ...string) error {
	elements, err := document.Elements()
	if err != nil {
		return err
	}
	for _, element := range elements {
		if !strings.Contains(" "+strings.Join(known, " ")+" ", " "+element.Key()+" ") {
			return fmt.Errorf("BSON field '%s.%s' is an unknown field.", what, element.Key())
		}
	}
	return nil
}

func withPort(host string) string {
	if _, _, err := net.SplitHostPort(host); err == nil {
		return host
	}
	return host + ":27017"
}

func (c *Config) check() error {
	if c.Name == "" {
		return fmt.Errorf("Missing expected field \"_id\"")
	}
	if len(c.Members) == 0 || len(c.Members) > 50 {
		return fmt.Errorf("Number of members must be between 1 and 50, but %d were given", len(c.Members))
	}
	ids, hosts := map[int]bool{}, map[string]bool{}
	voters, electable := 0, 0
	for _, member := range c.Members {
		switch {
		case member.Host == "":
			return fmt.Errorf("Missing expected field \"host\"")
		case member.ID < 0 || member.ID > 255:
			return fmt.Errorf("_id field value of %d is out of range.", member.ID)
		case ids[member.ID]:
			return fmt.Errorf("Found two member configurations with same _id field, %d", member.ID)
		case hosts[member.Host]:
			return fmt.Errorf("Found two member configurations with same host field, %s", member.Host)
		case member.Votes != 0 && member.Votes != 1:
			return fmt.Errorf("votes field value is %d but must be 0 or 1", member.Votes)
		case member.Priority < 0 || member.Priority > 1000:
			return fmt.Errorf("priority field value of %s is out of range", strconv.FormatFloat(member.Priority, 'g', -1, 64))
		case member.Votes == 0 && member.Priority > 0:
			return fmt.Errorf("priority must be 0 when non-voting (votes:0)")
		}
		ids[member.ID], hosts[member.Host] = true, true
		voters += member.Votes
		if member.Priority > 0 {
			electable++
		}
	}
	switch {
	case voters > 7:
		return fmt.Errorf("Replica set configuration contains %d voting members, but must be at least 1 and no more than 7", voters)
	case electable == 0:
		return fmt.Errorf("Replica set configuration must contain at least one non-arbiter member with priority > 0")
	case c.Settings.ElectionTimeoutMillis <= 0:
		return fmt.Errorf("BSON field 'electionTimeoutMillis' value must be > 0, actual value '%d'", c.Settings.ElectionTimeoutMillis)
	case c.Settings.HeartbeatIntervalMillis <= 0:
		return fmt.Errorf("BSON field 'heartbeatIntervalMillis' value must be > 0, actual value '%d'", c.Settings.HeartbeatIntervalMillis)
	}
	return nil
}
