package answers

import "math"

// A level has a voice of its own in every strand: who assists and shadows is
// Emerging, who sets the policy for years is Advanced. It tells where somebody
// stands who says what they do and names no level.
const (
	voiceHeard = 4.0 // times a word must be said to have a voice
	voicePrior = 6.0 // times it is thought to be said by all levels alike
)

// voices returns, by stem, how much it sounds like each level: the logarithm
// of how much more often that level says it.
func (w *weigher) voices() map[string][]float64 {
	total, all := make([]float64, len(w.levels)), 0.0
	by := map[string][]float64{}
	for at, said := range w.levels {
		for stem, v := range said {
			if by[stem] == nil {
				by[stem] = make([]float64, len(w.levels))
			}
			by[stem][at] = v
			total[at] += v // of whole numbers: exact in any order
			all += v
		}
	}
	voices := map[string][]float64{}
	for stem, said := range by {
		sum := 0.0
		for _, v := range said {
			sum += v
		}
		if sum < voiceHeard {
			continue
		}
		voice := make([]float64, len(said))
		for at, v := range said {
			if total[at] > 0 {
				share := total[at] / all
				voice[at] = math.Log((v + voicePrior*share) / (sum + voicePrior) / share)
			}
		}
		voices[stem] = voice
	}
	return voices
}

// sounds is how much the words of a question sound like a level.
func (ix *index) sounds(words []word, level int) float64 {
	sum := 0.0
	for _, w := range words {
		if v := ix.voice[w.stem]; v != nil {
			sum += v[level]
		}
	}
	return sum
}
