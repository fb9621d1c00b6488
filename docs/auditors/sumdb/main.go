// Checks a published log with golang.org/x/mod/sumdb, the reference implementation of these formats: the signature of
// the checkpoint, every record and every tile against its root, an earlier checkpoint, and proof files.
//
//	go run main.go FOLDER VKEY [-old CHECKPOINT] [PROOF.tlog-proof ...]
//
// Debian has all it needs: apt install golang-go golang-golang-x-mod-dev, then GO111MODULE=off GOPATH=/usr/share/gocode.
// Ends with 1 and the reason at the first thing that is wrong.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: main FOLDER VKEY [-old CHECKPOINT] [PROOF ...]")
		os.Exit(2)
	}
	verifier, err := note.NewVerifier(os.Args[2])
	must(err, "key")
	folder := folder(os.Args[1])
	tree := open(folder.read("checkpoint"), verifier)
	hashes := tlog.TileHashReader(tree, folder)
	records := audit(folder, tree, hashes)
	old, proofs := arguments(os.Args[3:])
	if old != "" {
		earlier := open(file(old), verifier)
		must(consistent(earlier, tree, hashes), "consistency with the earlier checkpoint")
		fmt.Printf("the checkpoint over %d is the beginning of the one over %d\n", earlier.N, tree.N)
	}
	for _, name := range proofs {
		must(included(string(file(name)), verifier), name)
		fmt.Printf("%s: proved\n", name)
	}
	fmt.Printf("accepted: %d records, all tiles, checkpoint of %s\n", records, verifier.Name())
}

func arguments(rest []string) (old string, proofs []string) {
	if len(rest) > 1 && rest[0] == "-old" {
		return rest[1], rest[2:]
	}
	return "", rest
}

func must(err error, what string) {
	if err != nil {
		fmt.Printf("REFUSED: %s: %v\n", what, err)
		os.Exit(1)
	}
}

func file(name string) []byte {
	data, err := os.ReadFile(name)
	must(err, name)
	return data
}

// The published folder of one log.
type folder string

func (f folder) read(name string) []byte { return file(filepath.Join(string(f), name)) }

func (f folder) Height() int                     { return 8 }
func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}
func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		data, err := os.ReadFile(filepath.Join(string(f), path(tile)))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

// x/mod writes tile/8/<level>/…, C2SP leaves the height out.
func path(tile tlog.Tile) string { return strings.Replace(tile.Path(), "tile/8/", "tile/", 1) }

// The tree of a checkpoint that the key signed.
func open(signed []byte, verifier note.Verifier) tlog.Tree {
	opened, err := note.Open(signed, note.VerifierList(verifier))
	must(err, "signature")
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		must(errors.New("not a checkpoint of this log"), "checkpoint")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err, "size")
	root, err := tlog.ParseHash(lines[2])
	must(err, "root")
	return tlog.Tree{N: size, Hash: root}
}

// Every record against the leaf hashes, every tile against the root.
func audit(f folder, tree tlog.Tree, hashes tlog.HashReader) int64 {
	var index int64
	for _, tile := range tilesOf(tree) {
		if tile.L != 0 {
			continue
		}
		for _, entry := range entries(f, tile) {
			stored, err := hashes.ReadHashes([]int64{tlog.StoredHashIndex(0, index)})
			must(err, fmt.Sprintf("tiles above record %d", index))
			if stored[0] != tlog.RecordHash(entry) {
				must(errors.New("the record is not the one in the tree"), fmt.Sprintf("record %d", index))
			}
			index++
		}
	}
	if index != tree.N {
		must(fmt.Errorf("%d records for a checkpoint over %d", index, tree.N), "records")
	}
	everyTile(f, tree, hashes)
	return index
}

// The tiles of a tree. Older releases of x/mod list a tile that is not whole at every width: the widest counts.
func tilesOf(tree tlog.Tree) []tlog.Tile {
	var widest []tlog.Tile
	for _, tile := range tlog.NewTiles(8, 0, tree.N) {
		last := len(widest) - 1
		if last >= 0 && widest[last].L == tile.L && widest[last].N == tile.N {
			widest = widest[:last]
		}
		widest = append(widest, tile)
	}
	return widest
}

// Tiles are checked against the root when they are read; what they hold must be what the folder holds.
func everyTile(f folder, tree tlog.Tree, hashes tlog.HashReader) {
	for _, tile := range tilesOf(tree) {
		data, err := tlog.ReadTileData(tile, hashes)
		must(err, path(tile))
		if !bytes.Equal(data, f.read(path(tile))) {
			must(errors.New("it does not hold the hashes of the tree"), path(tile))
		}
	}
}

func entries(f folder, tile tlog.Tile) [][]byte {
	name := strings.Replace(path(tile), "tile/0/", "tile/entries/", 1)
	data := f.read(name)
	var all [][]byte
	for len(data) > 0 {
		if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
			must(errors.New("its last entry is cut short"), name)
		}
		length := int(binary.BigEndian.Uint16(data))
		all, data = append(all, data[2:2+length]), data[2+length:]
	}
	return all
}

func consistent(earlier, tree tlog.Tree, hashes tlog.HashReader) error {
	proof, err := tlog.ProveTree(tree.N, earlier.N, hashes)
	if err != nil {
		return err
	}
	return tlog.CheckTree(proof, tree.N, tree.Hash, earlier.N, earlier.Hash)
}

// A c2sp.org/tlog-proof file that holds its record as extra data.
func included(text string, verifier note.Verifier) error {
	head, checkpoint, found := strings.Cut(text, "\n\n")
	lines := strings.Split(head, "\n")
	if !found || len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" || !strings.HasPrefix(lines[1], "extra ") {
		return errors.New("not a proof file with its record")
	}
	record, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra "))
	if err != nil {
		return err
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[2], "index "), 10, 64)
	if err != nil {
		return err
	}
	var proof tlog.RecordProof
	for _, line := range lines[3:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return err
		}
		proof = append(proof, hash)
	}
	tree := open([]byte(checkpoint), verifier)
	return tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(record))
}
