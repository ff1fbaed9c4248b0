package options

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// What gw renders for a member is understood.
func TestMemberOfASet(t *testing.T) {
	options, err := Parse(strings.Fields("--replSet rs0 --bind_ip_all --setParameter shutdownTimeoutMillisForSignaledShutdown=100 --keyFile=/key"))
	expected := Options{Set: "rs0", KeyFile: "/key", Port: 27017, Data: "/data/db", Auth: true, Shutdown: 100 * time.Millisecond}
	if err != nil || options != expected {
		t.Errorf("%+v, %v", options, err)
	}
}

// What mongod does not know, or would not start with, is refused in its words.
func TestRefused(t *testing.T) {
	for arguments, expected := range map[string]string{
		"--repSet rs0":         "Error parsing command line: unrecognised option '--repSet'",
		"--port":               "Error parsing command line: the required argument for option '--port' is missing",
		"--port x":             "Error parsing command line: the argument ('x') for option '--port' is invalid",
		"data":                 "Error parsing command line: too many positional options have been specified on the command line",
		"--replSet rs0 --auth": "BadValue: security.keyFile is required when authorization is enabled with replica sets",
		"--shardsvr":           "stand-in: not supported: --shardsvr",
	} {
		_, err := Parse(strings.Fields(arguments))
		if err == nil || strings.TrimSuffix(err.Error(), "\n"+ErrUsage.Error()) != expected {
			t.Errorf("%s: %v", arguments, err)
		}
	}
}

// A key is read without its white space; what is no key is refused in mongod's words.
func TestKeys(t *testing.T) {
	file := filepath.Join(t.TempDir(), "key")
	for _, check := range []struct {
		text     string
		mode     os.FileMode
		key      Key
		expected string
	}{
		{"c2Vj\ncmV0\n", 0o400, "c2VjcmV0", ""},
		{"c2VjcmV0", 0o440, "", "permissions on " + file + " are too open"},
		{"c2VjcmV0", 0o404, "", "permissions on " + file + " are too open"},
		{"c2V", 0o600, "", "security key in " + file + " has length 3, must be between 6 and 1024 chars"},
		{"secret!", 0o600, "", "invalid char in key file " + file + ": !"},
	} {
		_ = os.Remove(file)
		if err := os.WriteFile(file, []byte(check.text), check.mode); err != nil {
			t.Fatal(err)
		}
		key, err := ReadKey(file)
		if key != check.key || (err == nil) != (check.expected == "") || err != nil && err.Error() != check.expected {
			t.Errorf("%q %o: %q, %v", check.text, check.mode, key, err)
		}
	}
	if _, err := ReadKey(file + ".not"); err == nil || err.Error() != "Error reading file "+file+".not: No such file or directory" {
		t.Errorf("%v", err)
	}
}
