package member

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
)

// volume is what the member's data folder holds: nothing but where its data is.
type volume struct {
	path string
	// Set is the id of the set, empty on an empty folder. Before the set is initiated it is the member's own.
	Set string `json:"set"`
	// Member is the _id in the configuration, -1 for none yet.
	Member int `json:"member"`
	// HasData: a member that has data can only be the one that initiates the set.
	HasData bool `json:"hasData"`
	// Config is the newest configuration that the member knows, BSON.
	Config []byte `json:"config,omitempty"`
}

// FileName is the file in the data folder by which the ground tells which sets are in use.
const FileName = "stand-in.set"

func readVolume(folder string) (volume, error) {
	v := volume{path: filepath.Join(folder, FileName), Member: -1}
	text, err := os.ReadFile(v.path)
	if errors.Is(err, os.ErrNotExist) {
		return v, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &v)
	}
	return v, err
}

func (v volume) write() error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	fresh := v.path + ".new"
	return errors.Join(os.WriteFile(fresh, text, 0o600), os.Rename(fresh, v.path))
}

func newID() string {
	var bytes [8]byte
	_, _ = rand.Read(bytes[:])
	return hex.EncodeToString(bytes[:])
}
