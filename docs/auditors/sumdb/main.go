// Checks a published log with golang.org/x/mod/sumdb: signature of the checkpoint, every tile against the root, and
// the inclusion of one record.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type folder string

func (f folder) Height() int { return 8 }
func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}
func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		// x/mod writes tile/8/<level>/…, C2SP leaves the height out.
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(string(f), path))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func must(err error) {
	if err != nil {
		fmt.Println("REFUSED:", err)
		os.Exit(1)
	}
}

func main() {
	dir, vkey := os.Args[1], os.Args[2]
	index, err := strconv.ParseInt(os.Args[3], 10, 64)
	must(err)
	verifier, err := note.NewVerifier(vkey)
	must(err)
	signed, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	must(err)
	opened, err := note.Open(signed, note.VerifierList(verifier))
	must(err)
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	root, err := tlog.ParseHash(lines[2])
	must(err)
	reader := tlog.TileHashReader(tlog.Tree{N: size, Hash: root}, folder(dir))
	proof, err := tlog.ProveRecord(size, index, reader)
	must(err)
	record, err := os.ReadFile(os.Args[4])
	must(err)
	must(tlog.CheckRecord(proof, size, root, index, tlog.RecordHash(record)))
	fmt.Println("accepted: record", index, "of", size)
}
