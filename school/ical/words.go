package ical

import "rounds/school"

// exactly are the categories that set a class without being asked.
var exactly = map[string]school.DayClass{
	"no school": school.NoSchool, "staff day": school.StaffDay, "early release": school.EarlyRelease,
	"testing": school.Testing, "blackout": school.Blackout,
}

// The words that districts use, in the spelling of tokens: lower case, without marks, a plural being its singular. A phrase is
// found as whole words.

// closed says that no students come.
var closed = phrases(
	"no school", "no classes", "no class", "school office closed", "school and office closed", "student holiday", "student and staff holiday", "staff holiday", "teacher holiday",
	"district holiday", "school holiday", "school closed", "school is closed", "school are closed", "school will be closed",
	"district closed", "district will be closed", "campus closed", "campuse closed", "district wide closure", "school closure", "school not in session", "student off",
	"student day off", "day off for student", "no student attendance", "student do not attend", "student do not report",
	"student not in attendance", "no student",
)

// closedToStudents are those of them that say nothing of the staff.
var closedToStudents = phrases("student holiday", "student off", "student day off", "day off for student", "no student attendance", "student do not attend",
	"student do not report", "student not in attendance", "no student")

// notClosed follow "no school" where it is something else: "No School Board Meeting".
var notClosed = tokens("board uniform lunch bus photo picture store fee nurse council committee club dance zone tour supply musical choir age size party concert program shop market card feast luncheon")

// maybeClosed says so, but of offices or for the weather, or only perhaps.
var maybeClosed = phrases(
	"office closed", "weather day", "bad weather makeup", "inclement weather", "weather makeup", "weather make up", "snow day", "snow makeup",
	"snow make up", "emergency day", "emergency closure", "summer break", "flex day",
)

// holiday are days that most districts close on; perhapsHoliday are those that some teach through.
var (
	holiday = phrases(
		"thanksgiving", "winter break", "winter recess", "winter vacation", "spring break", "spring recess", "spring vacation", "fall break",
		"fall recess", "christma break", "christma vacation", "holiday break", "mid winter break", "midwinter break", "mid winter recess",
		"february break", "april break", "intersession", "october break", "labor day", "memorial day", "martin luther king", "mlk",
		"president day", "juneteenth", "independence day", "new year day", "christma day", "christma eve", "winter holiday",
		"spring holiday", "fall holiday", "christma holiday",
	)
	perhapsHoliday = phrases(
		"holiday", "veteran day", "columbu day", "indigenou people day", "good friday", "easter", "election day", "rosh hashanah", "yom kippur",
		"diwali", "eid al fitr", "eid al adha", "lunar new year", "new year eve", "passover", "cesar chavez day", "lincoln birthday",
		"washington birthday", "patriot day", "native american day", "presidential inauguration", "no school holiday",
	)
)

// early says that students come for a part of the day.
var early = phrases(
	"early release", "early dismissal", "early out", "early closing", "half day", "1 2 day", "minimum day", "noon dismissal", "noon release",
	"dismiss at", "dismissed at", "dismissal at", "dismis at", "shortened day", "short day", "abbreviated day", "late start", "late arrival", "delayed start",
	"2 hour delay", "two hour delay", "delayed opening", "early departure", "shortened schedule",
)

// notEarly follow them where something else is let out.
var notEarly = tokens("of ticket album score sale kindergarten kinder prek preschool camp")

// staff says that staff work and students stay at home.
var staff = phrases(
	"staff development", "professional development", "professional learning", "pd day", "teacher workday", "teacher work day", "staff workday", "staff work day",
	"workday", "work day", "inservice", "in service", "institute day", "teacher institute", "teacher prep", "teacher preparation", "teacher planning", "planning day", "staff only", "teacher only", "staff pd", "teacher pd", "prof development", "curriculum day",
	"pupil free", "student free", "non student day", "non student", "teacher report", "teacher return", "staff report", "staff return",
	"teacher workshop", "staff workshop", "teacher record day", "record day", "record keeping", "data day", "professional day",
)

// conferences are held in the evening as often as on a day without students.
var conferences = phrases("parent teacher conference", "parent conference", "student led conference", "teacher conference", "family conference", "conference elementary", "conference middle", "conference high", "ptc")

// exams are the names of tests and of their windows.
var exams = phrases(
	"staar", "telpa", "eoc", "end of course", "tsia", "psat", "sat school day", "sat testing", "sat administration", "act testing", "act administration", "act test", "ap exam", "ap biology exam", "ap testing", "tsia2",
	"ib exam", "map growth", "map testing", "map window", "map test", "nwea", "iready diagnostic", "i ready diagnostic", "benchmark", "state testing", "state test", "state assessment",
	"testing window", "test window", "assessment window", "assessment week", "testing week", "keystone", "pssa", "mca", "mcas", "sbac", "caaspp", "smarter balanced",
	"parcc", "interim assessment", "district assessment", "unit assessment", "midterm", "mid term exam", "final exam", "semester exam", "finals week", "final week", "access testing", "access for ell",
	"wida", "naep", "regent exam", "regent", "sol testing", "eog", "mclass", "dibel", "diagnostic window", "nwea map", "testing day", "test day",
	"make up testing", "makeup testing", "fast testing", "cogat",
)

// test alone may be anything.
var test = phrases("testing", "test", "assessment", "exam")

// notTest stand beside a test in events around it.
var notTest = tokens("prep score result training info information fee coordinator site clinic covid flu tb vision hearing lead water radon fire alarm siren system " +
	"drill drug driver driving road equipment emergency notification backup generator wifi internet night boot bootcamp tutoring tutorial tutor review " +
	"study ordering order retreat gifted gt readiness beta user allergy food rally")

// blackout says that nobody visits.
var blackout = phrases(
	"no observation", "no classroom observation", "observation blackout", "no walkthrough", "no classroom visit", "blackout window", "no formal observation", "visit blackout",
)

// perhapsBlackout are days that are taught with nobody to visit.
var perhapsBlackout = phrases(
	"blackout", "e learning day", "elearning day", "remote learning day", "virtual learning day", "distance learning day", "asynchronous", "virtual day", "remote day",
)

// noise are words of events that say nothing about school days, whatever else they say: "Spring Break Camp registration",
// "Holiday concert".
var noise = phrases(
	"awareness", "month", "appreciation", "register", "registration", "enrollment", "enroll", "camp", "concert", "deadline", "due", "game", "tournament", "vs", "v",
	"tryout", "practice", "rehearsal", "fundraiser", "fund raiser", "sale", "ticket", "menu", "craft", "bazaar", "market", "shop", "lunch", "breakfast", "dinner",
	"feast", "food drive", "toy drive", "coat drive", "book fair", "fair", "festival", "carnival", "performance", "play", "musical", "recital", "show",
	"essay", "contest", "challenge", "trip", "tour", "webinar", "survey", "newsletter", "progress report", "posted", "card", "letter", "dress", "pajama",
	"door decorating", "movie", "night", "5k", "run", "walk", "race", "reading log", "volunteer", "wreath", "tree lighting", "sing along", "choir", "band", "orchestra", "football", "basketball", "volleyball",
	"baseball", "softball", "soccer", "swim", "wrestling", "tennis", "golf", "cross country", "track", "prom", "dance", "observance week", "day of service",
	"happy", "reminder", "bus evacuation", "immunization", "blood drive", "screening", "apply", "application", "return from", "day before",
	"resume", "back to school", "return to school", "student return", "after school", "countdown", "homework", "academy", "retreat", "drop off", "pick up", "distribution", "clearance", "travel",
)

// notNoise follows "due" where a school is closed "due to" something.
var notNoise = tokens("to")

// mild are noise that a short day is often given for: "Early Release - Faculty Meeting".
var mild = phrases("meeting", "assembly", "parade", "party", "celebration", "spirit", "conference", "picture", "pep", "potluck", "luncheon", "homecoming", "report card", "field trip", "program", "orientation", "open house", "ceremony")

// parts are words for some of the students: a person says whom the day is for.
var parts = tokens("kindergarten kinder pk prek senior junior sophomore freshmen freshman elementary middle only grader grade unless if except transitional preschool")

// filler may stand beside a holiday without making it anything else.
var filler = tokens("day holiday break week vacation recess no school closed district office isd usd cisd public campus jr sr dr rev federal national observed observance observe of the for and all " +
	"student staff teacher in on at is are will be weekend winter spring fall autumn christma thanksgiving labor memorial new year eve easter monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri " +
	"january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec " +
	"both martin luther king mlk birthday president juneteenth independence class closing to through st nd rd th s wide 2 3 4 per calendar good friday union system county city area town unified independent")

// aroundTest may stand beside the bare word "testing".
var aroundTest = tokens("day week window spring fall winter state district wide grade make up makeup and the for of all begin end open close math reading ela science social study writing english algebra biology history " +
	"elementary middle high school student online round session beginning mid year boy moy eoy quarter semester first second final k st nd rd th administration schedule bell retest retake 1st 2nd 3rd 4th 5th 6th 7th 8th 9th 10th 11th 12th")
