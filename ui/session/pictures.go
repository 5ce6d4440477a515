package session

import (
	"image"

	"docket/ui/picture"
)

// Spots implements common.Pictured: the strip in the pane of the faces.
func (p *Page) Spots() []picture.Spot {
	at, ok := p.plan().places()[paneFaces]
	if !ok {
		return nil
	}
	inner := image.Rect(at.Min.X+2, at.Min.Y+1, at.Max.X-2, at.Max.Y-1)
	h := p.view(inner.Dx(), inner.Dy()).stripHeight()
	if h == 0 {
		return nil
	}
	spots := p.strip.Spots(inner.Dx(), h)
	for i := range spots {
		spots[i].Rect = spots[i].Rect.Add(inner.Min)
	}
	return spots
}
