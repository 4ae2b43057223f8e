//! Common English short forms of first names, each with the name that stands for all of them. Where a short form is
//! of several names, it is with the most frequent one.

/// The name that a short form is of; any other name stands for itself.
pub(super) fn formal(name: &str) -> &str {
    let of = FORMS.iter().find(|(_, forms)| forms.split(' ').any(|form| form == name));
    of.map_or(name, |(formal, _)| formal)
}

/// Names and their short forms, folded as in identity keys.
static FORMS: [(&str, &str); 62] = [
    ("abigail", "abby abbie gail"),
    ("alexander", "alex al xander lex"),
    ("alexandra", "alexa lexi sandra sasha"),
    ("andrew", "andy drew"),
    ("anthony", "tony"),
    ("barbara", "barb babs"),
    ("benjamin", "ben benny benji"),
    ("catherine", "katherine kathryn kathleen kate katie kathy cathy kat kay kitty"),
    ("charles", "charlie chuck chas"),
    ("christina", "christine tina chrissy christy"),
    ("christopher", "chris topher"),
    ("cynthia", "cindy"),
    ("daniel", "dan danny"),
    ("david", "dave davy"),
    ("deborah", "debra deb debbie"),
    ("donald", "don donnie"),
    ("dorothy", "dot dottie"),
    ("edward", "ed eddie ned"),
    ("elizabeth", "liz lizzie beth betty eliza libby betsy lisa elsie"),
    ("emily", "em emmy"),
    ("frances", "fran frannie"),
    ("francis", "frank frankie"),
    ("frederick", "fred freddie"),
    ("gabriel", "gabe"),
    ("gregory", "greg"),
    ("henry", "hank harry hal"),
    ("isabella", "isabel izzy bella"),
    ("jacob", "jake"),
    ("james", "jim jimmy jamie"),
    ("jeffrey", "jeff"),
    ("jennifer", "jen jenny"),
    ("jessica", "jess jessie"),
    ("john", "jack johnny jon"),
    ("jonathan", "jonny"),
    ("joseph", "joe joey"),
    ("joshua", "josh"),
    ("judith", "judy"),
    ("kenneth", "ken kenny"),
    ("lawrence", "larry"),
    ("leonard", "leo len lenny"),
    ("margaret", "maggie meg peggy marge greta"),
    ("matthew", "matt"),
    ("melissa", "mel missy"),
    ("michael", "mike mikey mick"),
    ("nathaniel", "nathan nate nat"),
    ("nicholas", "nick nicky"),
    ("pamela", "pam"),
    ("patricia", "pat patty trish tricia"),
    ("peter", "pete"),
    ("philip", "phillip phil"),
    ("rebecca", "becca becky"),
    ("richard", "rich richie rick ricky dick"),
    ("robert", "rob robbie bob bobby bert"),
    ("ronald", "ron ronnie"),
    ("samuel", "sam sammy"),
    ("stephen", "steven steve"),
    ("susan", "sue susie suzanne"),
    ("theodore", "ted teddy theo"),
    ("thomas", "tom tommy"),
    ("timothy", "tim timmy"),
    ("victoria", "vicky tori"),
    ("william", "will willie bill billy liam"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_form_is_of_one_name_and_a_name_is_no_short_form() {
        let forms: Vec<&str> = FORMS.iter().flat_map(|(_, forms)| forms.split(' ')).collect();
        for (index, form) in forms.iter().enumerate() {
            assert!(!forms[..index].contains(form), "{form}");
            assert!(FORMS.iter().all(|(formal, _)| formal != form), "{form}");
        }
        assert_eq!((formal("bob"), formal("robert"), formal("zoe")), ("robert", "robert", "zoe"));
    }
}
