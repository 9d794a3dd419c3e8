package school

// once gives the first copy of a string that the model was given, for what stands in the record again and again: ids, rooms,
// states, roles. Each event is decoded into strings of its own, and in a large district as many bytes again went on
// copies of a few thousand words.
func once[S ~string](m *Model, s S) S {
	if k, ok := m.words[string(s)]; ok {
		return S(k)
	}
	m.words[string(s)] = string(s)
	return s
}

// onceEach is once for each of a list, in its place.
func onceEach[S ~string](m *Model, list []S) []S {
	for i := range list {
		list[i] = once(m, list[i])
	}
	return list
}
