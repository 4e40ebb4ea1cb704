"""Words that people choose first. Our own short list; the rules do the rest."""

ROWS = (
    "1234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiop",
    "yxcvbnm",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1q2w3e4r5t6z7u8i9o0p",
    "1q2w3e4r5t6y7u8i9o0p",
    "147258369",
    "!@#$%^&*()",
)

KEY_ROWS = tuple(row * 2 for row in ROWS) + tuple(row[::-1] * 2 for row in ROWS)

_WORDS = """
    password passwort passwd passcode passphrase secret geheim hidden private secure security
    login logon signin signup user username account admin administrator root guest test tester
    testing demo default changeme change letmein welcome willkommen hello hallo access enter
    open sesame master manager system server computer internet online website google facebook
    twitter amazon apple microsoft windows linux github samsung android iphone
    love iloveyou loveyou lovely forever always never together heart kiss honey sweet sweetheart
    darling baby babygirl angel princess prince queen king lady beautiful pretty sexy happy smile
    sunshine moon star stars shadow light dark rainbow flower rose lily daisy jasmine cherry
    football soccer baseball basketball hockey tennis golf rugby cricket liverpool arsenal chelsea
    barcelona madrid juventus yankees lakers cowboys eagles steelers rangers tigers panthers
    dragon monkey tiger lion eagle falcon wolf bear horse rabbit bunny kitten kitty cat dog puppy
    fish shark dolphin butterfly turtle chicken penguin panda
    batman superman spiderman ironman starwars jedi yoda pokemon pikachu naruto matrix ninja
    samurai warrior hunter killer soldier ranger wizard merlin magic phoenix thunder lightning
    storm summer winter spring autumn monday friday sunday january february march april june july
    august september october november december
    coffee chocolate cookie banana orange apple lemon pepper ginger sugar candy cheese pizza beer
    whisky vodka
    michael jordan jennifer jessica ashley daniel thomas andrew joshua matthew robert charlie
    george harry oliver william james david john peter martin alex alexander anthony nicole
    michelle amanda maria anna sarah laura julia sophie victoria elizabeth hannah samantha
    freedom liberty america england london paris berlin germany france canada australia texas
    california newyork
    money dollar million business company office school college student teacher doctor
    mustang ferrari porsche mercedes yamaha honda harley corvette
    music guitar piano rock metal metallica nirvana eminem
    god jesus christ heaven church faith blessed hope peace
    whatever nothing something anything please trustno trust superstar hottie cool awesome
    fuck fuckyou fuckoff asshole bitch shit
    abc xyz qwerty qwertz azerty asdf zxcv
    the you and for not this that what who are was with have from your mine are its all one two
    three four five six seven eight nine ten
"""

COMMON_WORDS = frozenset(_WORDS.split())
