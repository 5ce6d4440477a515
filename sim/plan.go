package sim

import (
	"math/rand/v2"
	"slices"
	"time"
)

// blockSize is how many sessions one full telling of all stories takes: the
// sum of their weights.
const blockSize = 400

// class groups stories by what has become of the session.
type class int

const (
	classReview class = iota
	classFailed
	classPassed
	classEnrolled
	classDecided
	classProgress
	classStuck
	classExpired
)

// ago is how long before now the applicant's last step was.
func (c class) ago(r *rand.Rand, rank, block int) time.Duration {
	minutes := func(from, to int) time.Duration {
		return time.Duration(from*60+r.IntN((to-from)*60)) * time.Second
	}
	const hour, days = 60, 24 * 60
	switch c {
	case classReview:
		wait := 262*time.Minute - time.Duration(rank)*330*time.Second - minutes(0, 2)
		return max(wait, minutes(1, 3)) + time.Duration(block)*24*time.Hour
	case classEnrolled:
		return minutes(20*days, 300*days)
	case classDecided:
		return minutes(5*hour, 12*days)
	case classProgress:
		return minutes(1, 50)
	case classStuck:
		return minutes(2*days, 9*days)
	case classExpired:
		return minutes(8*days, 40*days)
	default:
		return minutes(10, 13*days)
	}
}

// block is one shuffled telling of all stories.
type block struct {
	deck    []*story
	rank    []int            // place among the block's sessions in review
	targets map[string][]int // places of enrolled sessions, which others are linked to, by tie
	linked  []int            // how many linked stories of the same tie come before
	devices []int            // key of a shared device; -1: its own
	ips     []int
}

// opening is the order of the first sessions of a population: a reviewer's
// first screen shows one of each kind of trouble.
var opening = words("blurred-manual-capture,paper-copy,old-id,clean-enrolled,expired-passport-seen-before,face-mismatch," +
	"known-face-other-name,clean,antifraud-signal,number-disagrees,shared-device-failed,watchlist-hit,second-id-differs," +
	"not-live,curp-error,device-abroad,clean-enrolled-voter,shared-device,many-retries,started,ine-unreachable,review-pending,altered," +
	"video-mismatch,known-face-same-name,expired-passport,government-pending,selfie-taken,screen-photo,clean")

func index2block(index int) int { return index / blockSize }

// block returns the block of an index and the place within it.
func (p *population) block(index int) (*block, int) {
	n := index2block(index)
	if p.blocks[n] == nil {
		p.blocks[n] = p.deal(n)
	}
	return p.blocks[n], index % blockSize
}

// deal shuffles the stories and ties those together that belong together.
func (p *population) deal(n int) *block {
	b := &block{deck: p.shuffled(n), targets: map[string][]int{}}
	reviews, links := 0, map[string]int{}
	var sharedDevices, sharedIPs []int
	for i, st := range b.deck {
		b.rank = append(b.rank, reviews)
		b.linked = append(b.linked, links[st.tie])
		b.devices, b.ips = append(b.devices, -1), append(b.ips, -1)
		if st.class == classReview {
			reviews++
		}
		if st.link != linkNone {
			links[st.tie]++
		}
		if st.enrolled {
			b.targets[st.tie] = append(b.targets[st.tie], i)
		}
		switch st.share {
		case shareDevice:
			sharedDevices = append(sharedDevices, i)
		case shareIP:
			sharedIPs = append(sharedIPs, i)
		}
	}
	group(b.devices, sharedDevices, 3, n)
	group(b.ips, sharedIPs, 2, n)
	return b
}

// group gives the members keys in groups of the size; a remainder joins the
// last full group.
func group(keys, members []int, size, n int) {
	groups := max(len(members)/size, 1)
	for i, m := range members {
		keys[m] = n*blockSize + min(i/size, groups-1)
	}
}

// shuffled is the deck of a block; the first one starts with the opening.
func (p *population) shuffled(n int) []*story {
	var deck []*story
	for i := range stories {
		for range stories[i].weight {
			deck = append(deck, &stories[i])
		}
	}
	r := p.rng(n, "deck")
	r.Shuffle(len(deck), func(i, j int) { deck[i], deck[j] = deck[j], deck[i] })
	if n > 0 {
		return deck
	}
	for at, name := range opening {
		from := at + slices.IndexFunc(deck[at:], func(s *story) bool { return s.name == name })
		deck[at], deck[from] = deck[from], deck[at]
	}
	return deck
}

// target is the index of the earlier session that a linked story points at, or
// -1 when none exists (yet).
func (b *block) target(p *population, index, at int) int {
	start := index - at
	exists := max(p.size, index)
	targets := b.targets[b.deck[at].tie]
	n := 0
	for _, t := range targets {
		if start+t < exists {
			n++
		}
	}
	if n == 0 {
		return -1
	}
	return start + targets[b.linked[at]%n]
}
