package webbot

// What one card may hold. The page itself sets no limit; these keep a stored message and
// the page that draws it to a sane size. What is longer is split into more blocks of
// the same kind; only menus, whole cards and pictures are ever cut, and then
// the card says so and the log counts it.
const (
	maxBlocks  = 400     // blocks of a card, after splitting
	maxText    = 8000    // characters of one paragraph or quote
	maxLine    = 400     // characters of a title
	maxItems   = 200     // items of one list, facts of one grid
	maxRows    = 200     // rows of one table
	maxButtons = 25      // buttons of one row
	maxOptions = 1000    // options of one menu or field; a district's largest staff fits
	maxPicture = 2 << 20 // bytes of one PNG
	maxFields  = 50      // fields of one form
)

// What the page may send.
const (
	maxTyped  = 8000      // characters of one message or command line
	maxField  = 20000     // characters of one field of a form
	maxBody   = 256 << 10 // bytes of one request
	maxPage   = 200       // messages of one page of history
	firstPage = 50        // messages of a page where none is asked for
)
