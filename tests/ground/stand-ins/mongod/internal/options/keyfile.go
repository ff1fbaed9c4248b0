package options

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"
)

// Key is what the members of a set share; empty where there is no key file.
type Key string

// ReadKey reads a key file and refuses what mongod refuses, in its words: permissions of a group or of others, text that is no
// key. Whose file it is does not matter to mongod, only that it can read it.
func ReadKey(path string) (Key, error) {
	found, err := os.Stat(path)
	if err != nil {
		return "", fmt.Errorf("Error reading file %s: %s", path, reason(err))
	}
	if found.Mode().Perm()&0o077 != 0 {
		return "", fmt.Errorf("permissions on %s are too open", path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("error opening file: %s: %s", path, reason(err))
	}
	key := strings.Join(strings.Fields(string(text)), "")
	for _, character := range key {
		if !strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=", character) {
			return "", fmt.Errorf("invalid char in key file %s: %c", path, character)
		}
	}
	if len(key) < 6 || len(key) > 1024 {
		return "", fmt.Errorf("security key in %s has length %d, must be between 6 and 1024 chars", path, len(key))
	}
	return Key(key), nil
}

func reason(err error) string {
	var number syscall.Errno
	var path *fs.PathError
	if errors.As(err, &path) && errors.As(path.Err, &number) {
		text := number.Error()
		return strings.ToUpper(text[:1]) + text[1:]
	}
	return err.Error()
}

// Proof shows another member that this one has the same key, without showing the key.
func (k Key) Proof(of string) string {
	code := hmac.New(sha256.New, []byte(k))
	code.Write([]byte(of))
	return hex.EncodeToString(code.Sum(nil))
}

// Proves tells whether a proof was made with this key.
func (k Key) Proves(of, proof string) bool { return hmac.Equal([]byte(k.Proof(of)), []byte(proof)) }
