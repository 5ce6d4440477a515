package sqlite

import (
	"context"
	"database/sql"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strings"

	"docket/model"
	"docket/store"
)

// Of each row there are numbers to sort and choose by, packed in blocks, so that those
// of many rows are read with little: the rows themselves, and every index but that of
// the order, are scattered over the whole file. The numbers of an order of times are its
// keys; those of names are their first bytes, so rows that are alike in them stand
// together and are put in order by the index of the names.
type kind int64

// What the numbers are, as it is on disk.
const (
	kindViews kind = iota
	kindDue
	kindNewest
	kindWorst
	kindName
	kinds
)

var kindOf = map[model.Sort]kind{
	model.SortDue: kindDue, model.SortNewest: kindNewest, model.SortWorst: kindWorst, model.SortName: kindName,
}

// Sizes, as they are on disk: a block just fits into a page of the file.
const (
	numberSize = 8
	blockRows  = 500
	kindShift  = 40 // above the number of a block
)

// errBlock says that a block lacks rows.
var errBlock = fmt.Errorf("a block of numbers: %w", store.ErrDamaged)

// numbers returns the numbers of a row, as they are on disk.
func numbers(p *store.Place) [kinds]uint64 {
	return [...]uint64{uint64(p.Views), uint64(p.Due), uint64(p.Newest), uint64(p.Worst), nameNumber(p.Name)}
}

// nameNumber returns the first bytes of a name. Two names are in the order of their
// numbers, if these differ.
func nameNumber(name string) uint64 {
	var b [numberSize]byte
	copy(b[:], name)
	return binary.BigEndian.Uint64(b[:])
}

// rank returns a number so that those of an order ascend without a sign.
func (k kind) rank(number uint64) uint64 {
	if k == kindName {
		return number
	}
	return number ^ 1<<63
}

// rankOf returns the rank of a key.
func (k kind) rankOf(key any) uint64 {
	if name, ok := key.(string); ok {
		return k.rank(nameNumber(name))
	}
	n, _ := key.(int64)
	return k.rank(uint64(n))
}

// span returns the condition that a row has the rank.
func (k kind) span(column string, rank uint64) (string, []any) {
	if k != kindName {
		return column + " = ?", []any{int64(k.rank(rank))}
	}
	return fmt.Sprintf("%s >= ? and %[1]s < ?", column), []any{firstName(rank), firstName(rank + 1)}
}

// firstName returns the first of all names that may have the rank. There is always a
// next rank: names are UTF-8, in which no byte has all bits set.
func firstName(rank uint64) string {
	return strings.TrimRight(string(binary.BigEndian.AppendUint64(nil, rank)), "\x00")
}

func (k kind) block(rid int64) int64 { return int64(k)<<kindShift + rid/blockRows }

// numbers returns the numbers of rows, which are in order.
func (c *conn) numbers(ctx context.Context, k kind, rids []int64) ([]uint64, error) {
	all := make([]uint64, 0, len(rids))
	until := func(at int64, number func(rid int64) uint64) {
		for len(all) < len(rids) && k.block(rids[len(all)]) == at {
			all = append(all, number(rids[len(all)]))
		}
	}
	var at int64
	var block sql.RawBytes
	err := c.each(ctx, "select value, numbers from json_each(?) left join sort_block on at = value", []any{listOf(k.blocks(rids))}, func() error {
		if len(block) == 0 { // not packed
			unpacked, err := c.unpacked(ctx, at%(1<<kindShift))
			until(at, func(rid int64) uint64 { return unpacked[rid][k] })
			return err
		}
		if len(block) != blockRows*numberSize {
			return errBlock
		}
		until(at, func(rid int64) uint64 { return binary.BigEndian.Uint64(block[rid%blockRows*numberSize:]) })
		return nil
	}, &at, &block)
	return all, err
}

// blocks returns where the numbers of rows are, which are in order.
func (k kind) blocks(rids []int64) []int64 {
	var blocks []int64
	for _, rid := range rids {
		if at := k.block(rid); len(blocks) == 0 || blocks[len(blocks)-1] != at {
			blocks = append(blocks, at)
		}
	}
	return blocks
}

// unpacked returns the numbers of the rows of a block from the rows themselves.
func (c *conn) unpacked(ctx context.Context, block int64) (map[int64][kinds]uint64, error) {
	all := make(map[int64][kinds]uint64)
	var rid int64
	var p store.Place
	err := c.each(ctx, "select rid, views, due, newest, worst, name from session where rid between ? and ?",
		[]any{block * blockRows, block*blockRows + blockRows - 1}, func() error {
			all[rid] = numbers(&p)
			return nil
		}, &rid, &p.Views, &p.Due, &p.Newest, &p.Worst, &p.Name)
	return all, err
}

// packed is a block that a change looked at; no numbers: it is not packed yet.
type packed struct {
	numbers []byte
	changed bool
}

// Sizes of a change.
const (
	maxBlocks = 256           // blocks that are kept in memory
	packAt    = blockRows - 1 // the row of a block with which it is packed
)

// setNumbers gives a row its numbers, if its block is packed. They are on disk with the
// next flush.
func (e *edit) setNumbers(rid int64, is [kinds]uint64) error {
	for k, n := range is {
		b, err := e.block(kind(k).block(rid))
		if err != nil || b.numbers == nil { // and so are the others of the row
			return err
		}
		if at := b.numbers[rid%blockRows*numberSize:]; binary.BigEndian.Uint64(at) != n {
			binary.BigEndian.PutUint64(at, n)
			b.changed = true
		}
	}
	if len(e.blocks) < maxBlocks {
		return nil
	}
	return e.flush()
}

// pack makes the blocks of a new row when it is the last in them. Until then nothing is
// written for the rows that arrive.
func (e *edit) pack(rid int64) error {
	if rid%blockRows < e.packAt {
		return nil
	}
	all, err := e.unpacked(e.ctx, rid/blockRows)
	if err != nil {
		return err
	}
	for k := range kinds {
		b := &packed{numbers: make([]byte, blockRows*numberSize), changed: true}
		for rid, numbers := range all {
			binary.BigEndian.PutUint64(b.numbers[rid%blockRows*numberSize:], numbers[k])
		}
		e.blocks[k.block(rid)] = b
	}
	return nil
}

// block returns a block as it is so far.
func (e *edit) block(at int64) (*packed, error) {
	if b, ok := e.blocks[at]; ok {
		return b, nil
	}
	b := &packed{}
	err := e.each(e.ctx, "select numbers from sort_block where at = ?", []any{at}, func() error {
		if len(b.numbers) != blockRows*numberSize {
			return errBlock
		}
		return nil
	}, &b.numbers)
	e.blocks[at] = b
	return b, err
}

// flush writes the blocks that were changed.
func (e *edit) flush() error {
	for _, at := range slices.Sorted(maps.Keys(e.blocks)) {
		b := e.blocks[at]
		if !b.changed {
			continue
		}
		err := e.exec(e.ctx, "insert into sort_block (at, numbers) values (?, ?) on conflict (at) do update set numbers = excluded.numbers", at, b.numbers)
		if err != nil {
			return err
		}
	}
	clear(e.blocks)
	return nil
}
