package replset

import (
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
)

func parse(t *testing.T, config bson.M) (*Config, error) {
	t.Helper()
	text, err := bson.Marshal(config)
	if err != nil {
		t.Fatal(err)
	}
	return Parse(text)
}

// What a configuration does not say is mongod's default, and a host without a port has mongod's.
func TestDefaults(t *testing.T) {
	config, err := parse(t, bson.M{"_id": "rs0", "members": bson.A{bson.M{"_id": 0, "host": "a"}, bson.M{"_id": 1.0, "host": "b:1", "priority": 0}}})
	if err != nil {
		t.Fatal(err)
	}
	if first := config.Members[0]; first.Host != "a:27017" || first.Priority != 1 || first.Votes != 1 {
		t.Errorf("first member: %+v", first)
	}
	if second := config.Members[1]; second.ID != 1 || second.Host != "b:1" || second.Priority != 0 {
		t.Errorf("second member: %+v", second)
	}
	if config.ElectionTimeout().Seconds() != 10 || config.Majority() != 2 || config.Settings.HeartbeatIntervalMillis != 2000 {
		t.Errorf("%+v", config)
	}
}

// Each mistake has its words.
func TestMistakes(t *testing.T) {
	member := func(id int, host string) bson.M { return bson.M{"_id": id, "host": host} }
	for text, config := range map[string]bson.M{
		"BSON field 'ReplSetConfig.members' is missing but a required field": {"_id": "rs0"},
		"BSON field 'ReplSetConfig.membres' is an unknown field.":            {"_id": "rs0", "membres": bson.A{}},
		"BSON field 'MemberConfig.hots' is an unknown field.":                {"_id": "rs0", "members": bson.A{bson.M{"_id": 0, "hots": "a"}}},
		"Missing expected field \"host\"":                                    {"_id": "rs0", "members": bson.A{bson.M{"_id": 0}}},
		"Number of members must be between 1 and 50, but 0 were given":       {"_id": "rs0", "members": bson.A{}},
		"Found two member configurations with same _id field, 0":             {"_id": "rs0", "members": bson.A{member(0, "a"), member(0, "b")}},
		"Found two member configurations with same host field, a:27017":      {"_id": "rs0", "members": bson.A{member(0, "a"), member(1, "a")}},
		"Replica set configuration must contain at least one non-arbiter member with priority > 0": {
			"_id": "rs0", "members": bson.A{bson.M{"_id": 0, "host": "a", "priority": 0}}},
	} {
		if _, err := parse(t, config); err == nil || err.Error() != text {
			t.Errorf("expected: %s\nbut was:  %v", text, err)
		}
	}
}
