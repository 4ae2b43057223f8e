//! Countries, the states of the United States and the provinces of Canada, and which ZIP codes are whose.

use std::{cmp::Ordering, sync::LazyLock};

use crate::columns::typing_errors;

/// The names of places of one kind.
pub(crate) struct Names {
    /// Name and code in the order of the names' bytes: the usual way of writing is found fast.
    exact: Vec<(&'static str, &'static str)>,
    /// The same in the order of their letters and digits alone.
    folded: Vec<(&'static str, &'static str)>,
}

/// ISO 3166-1, by English short name, alpha-2 and alpha-3 code, and other common names.
pub(crate) static COUNTRIES: LazyLock<Names> = LazyLock::new(|| Names::new(&COUNTRY_LINES));
/// States, the federal district, territories and the armed forces.
pub(crate) static STATES: LazyLock<Names> = LazyLock::new(|| Names::new(&STATE_LINES));
pub(crate) static PROVINCES: LazyLock<Names> = LazyLock::new(|| Names::new(&PROVINCE_LINES));

impl Names {
    /// Reads lines of code and names apart by `|`.
    fn new(lines: &[&'static str]) -> Self {
        let names = lines.iter().flat_map(|line| {
            let code = line.split('|').next().unwrap_or_default();
            line.split('|').map(move |name| (name, code))
        });
        let mut exact: Vec<_> = names.collect();
        exact.sort_unstable();
        let mut folded = exact.clone();
        folded.sort_by(|a, b| by_letters(a.0, b.0));
        Self { exact, folded }
    }

    /// The code of a place; case, spaces and punctuation say nothing.
    pub(crate) fn code(&self, text: &str) -> Option<&'static str> {
        let found = match self.exact.binary_search_by(|(name, _)| (*name).cmp(text)) {
            Ok(place) => self.exact[place],
            Err(_) => self.folded[self.folded.binary_search_by(|(name, _)| by_letters(name, text)).ok()?],
        };
        Some(found.1)
    }

    /// The only name that is one typing error away; short names are too alike to tell.
    pub(crate) fn meant(&self, text: &str) -> Option<&'static str> {
        let text: Vec<char> = letters(text).collect();
        let is_near = |name: &str| {
            let name: Vec<char> = letters(name).collect();
            name.len() >= 5 && name.len().abs_diff(text.len()) <= 1 && typing_errors(&name, &text) == 1
        };
        let mut near = self.exact.iter().filter(|(name, _)| is_near(name));
        let (name, code) = near.next()?;
        near.all(|(_, other)| other == code).then_some(*name)
    }
}

fn by_letters(a: &str, b: &str) -> Ordering {
    letters(a).cmp(letters(b))
}

fn letters(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|char| char.is_alphanumeric()).flat_map(char::to_lowercase)
}

/// A ZIP code with five digits, or five and four.
#[derive(Clone, Copy)]
pub(crate) struct Zip {
    /// Its first three digits.
    prefix: u16,
}

impl Zip {
    pub(crate) fn read(text: &str) -> Option<Self> {
        let (code, more) = text.as_bytes().split_first_chunk::<5>()?;
        let is_number = |text: &[u8]| text.iter().all(u8::is_ascii_digit);
        let form = match more {
            [] => is_number(code),
            [b'-', more @ ..] => is_number(code) && more.len() == 4 && is_number(more),
            _ => false,
        };
        let prefix = code[..3].iter().fold(0, |prefix, digit| prefix * 10 + u16::from(digit & 0xf));
        // No code begins with 000.
        (form && prefix > 0).then_some(Self { prefix })
    }

    /// The codes of the states, apart by spaces, in which ZIP codes begin so; blank where none is known to.
    pub(crate) fn states(self) -> &'static str {
        states_of_zip(self.prefix)
    }

    /// Whether the code is one of the state with this code, or of none that is known.
    pub(crate) fn may_be_of(self, state: &str) -> bool {
        let states = self.states();
        states.is_empty() || states.split(' ').any(|other| other == state)
    }
}

/// Whether the text is a ZIP code of the state with this code.
pub(crate) fn is_zip_of(text: &str, state: &str) -> bool {
    Zip::read(text).is_some_and(|zip| !zip.states().is_empty() && zip.may_be_of(state))
}

/// Whether the text is a ZIP code but for one or two zeros at its beginning.
pub(crate) fn is_short_zip(text: &str) -> bool {
    let (code, more) = text.split_once('-').unwrap_or((text, "0000"));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (3..=4).contains(&code.len()) && more.len() == 4 && is_number(code) && is_number(more)
}

/// The text as a Canadian postal code, if it is one but for case, spaces and hyphen.
pub(crate) fn canadian_code(text: &str) -> Option<String> {
    let mut code: String = text.chars().filter(|char| !matches!(char, ' ' | '-')).collect();
    code.make_ascii_uppercase();
    let is_letter = |byte: u8| byte.is_ascii_uppercase() && !b"DFIOQU".contains(&byte);
    let is_right = |(place, byte): (usize, u8)| {
        if place % 2 == 0 { is_letter(byte) } else { byte.is_ascii_digit() }
    };
    let form = code.len() == 6 && code.bytes().enumerate().all(is_right);
    form.then(|| format!("{} {}", &code[..3], &code[3..]))
}

fn states_of_zip(prefix: u16) -> &'static str {
    let place = ZIP_PREFIXES.partition_point(|(_, last, _)| *last < prefix);
    match ZIP_PREFIXES.get(place) {
        Some((first, _, states)) if *first <= prefix => states,
        _ => "",
    }
}

/// First and last prefix and the states. A prefix is of several states where a post office serves places across
/// the border.
const ZIP_PREFIXES: [(u16, u16, &str); 73] = [
    (5, 5, "NY"),
    (6, 7, "PR"),
    (8, 8, "VI"),
    (9, 9, "PR"),
    (10, 27, "MA"),
    (28, 29, "RI"),
    (30, 38, "NH"),
    (39, 49, "ME"),
    (50, 54, "VT"),
    (55, 55, "MA"),
    (56, 59, "VT"),
    (60, 62, "CT"),
    (63, 63, "CT NY"),
    (64, 69, "CT"),
    (70, 89, "NJ"),
    (90, 98, "AE"),
    (100, 149, "NY"),
    (150, 196, "PA"),
    (197, 199, "DE"),
    (200, 200, "DC"),
    (201, 201, "VA"),
    (202, 205, "DC"),
    (206, 219, "MD"),
    (220, 246, "VA"),
    (247, 268, "WV"),
    (270, 289, "NC"),
    (290, 299, "SC"),
    (300, 319, "GA"),
    (320, 339, "FL"),
    (340, 340, "AA"),
    (341, 349, "FL"),
    (350, 369, "AL"),
    (370, 385, "TN"),
    (386, 397, "MS"),
    (398, 399, "GA"),
    (400, 421, "KY"),
    (422, 422, "KY TN"),
    (423, 427, "KY"),
    (430, 459, "OH"),
    (460, 479, "IN"),
    (480, 499, "MI"),
    (500, 528, "IA"),
    (530, 549, "WI"),
    (550, 567, "MN"),
    (569, 569, "DC"),
    (570, 577, "SD"),
    (580, 588, "ND"),
    (590, 599, "MT"),
    (600, 629, "IL"),
    (630, 658, "MO"),
    (660, 679, "KS"),
    (680, 693, "NE"),
    (700, 714, "LA"),
    (716, 729, "AR"),
    (730, 732, "OK"),
    (733, 733, "TX"),
    (734, 749, "OK"),
    (750, 799, "TX"),
    (800, 816, "CO"),
    (820, 831, "WY"),
    (832, 838, "ID WY"),
    (840, 847, "UT"),
    (850, 865, "AZ NM"),
    (870, 884, "NM"),
    (885, 885, "TX"),
    (889, 898, "NV"),
    (900, 961, "CA"),
    (962, 966, "AP"),
    (967, 968, "HI AS"),
    (969, 969, "GU MP PW FM MH"),
    (970, 979, "OR"),
    (980, 994, "WA"),
    (995, 999, "AK"),
];

const STATE_LINES: [&str; 62] = [
    "AL|Alabama|Ala",
    "AK|Alaska",
    "AZ|Arizona|Ariz",
    "AR|Arkansas|Ark",
    "CA|California|Calif",
    "CO|Colorado|Colo",
    "CT|Connecticut|Conn",
    "DE|Delaware|Del",
    "FL|Florida|Fla",
    "GA|Georgia",
    "HI|Hawaii|Hawai‘i|Hawaiʻi",
    "ID|Idaho",
    "IL|Illinois|Ill",
    "IN|Indiana|Ind",
    "IA|Iowa",
    "KS|Kansas|Kans",
    "KY|Kentucky",
    "LA|Louisiana",
    "ME|Maine",
    "MD|Maryland",
    "MA|Massachusetts|Mass",
    "MI|Michigan|Mich",
    "MN|Minnesota|Minn",
    "MS|Mississippi|Miss",
    "MO|Missouri",
    "MT|Montana|Mont",
    "NE|Nebraska|Nebr|Neb",
    "NV|Nevada|Nev",
    "NH|New Hampshire",
    "NJ|New Jersey",
    "NM|New Mexico|N Mex",
    "NY|New York",
    "NC|North Carolina",
    "ND|North Dakota|N Dak",
    "OH|Ohio",
    "OK|Oklahoma|Okla",
    "OR|Oregon|Ore",
    "PA|Pennsylvania|Penn|Penna",
    "RI|Rhode Island",
    "SC|South Carolina",
    "SD|South Dakota|S Dak",
    "TN|Tennessee|Tenn",
    "TX|Texas|Tex",
    "UT|Utah",
    "VT|Vermont",
    "VA|Virginia",
    "WA|Washington|Wash|Washington State",
    "WV|West Virginia|W Va",
    "WI|Wisconsin|Wis|Wisc",
    "WY|Wyoming|Wyo",
    "DC|District of Columbia|Washington DC",
    "PR|Puerto Rico",
    "VI|Virgin Islands|US Virgin Islands|USVI",
    "GU|Guam",
    "AS|American Samoa",
    "MP|Northern Mariana Islands|CNMI",
    "FM|Federated States of Micronesia|Micronesia",
    "MH|Marshall Islands",
    "PW|Palau",
    "AA|Armed Forces Americas",
    "AE|Armed Forces Europe|Armed Forces Africa|Armed Forces Canada|Armed Forces Middle East",
    "AP|Armed Forces Pacific",
];

const PROVINCE_LINES: [&str; 13] = [
    "AB|Alberta",
    "BC|British Columbia|Colombie-Britannique",
    "MB|Manitoba",
    "NB|New Brunswick|Nouveau-Brunswick",
    "NL|Newfoundland and Labrador|Newfoundland|Labrador|NF|Terre-Neuve-et-Labrador",
    "NS|Nova Scotia|Nouvelle-Écosse",
    "NT|Northwest Territories|NWT",
    "NU|Nunavut",
    "ON|Ontario|Ont",
    "PE|Prince Edward Island|PEI|Île-du-Prince-Édouard",
    "QC|Quebec|Québec|PQ|Que",
    "SK|Saskatchewan|Sask",
    "YT|Yukon|Yukon Territory|YK",
];

const COUNTRY_LINES: [&str; 249] = [
    "AF|AFG|Afghanistan",
    "AX|ALA|Åland Islands|Aland Islands|Åland",
    "AL|ALB|Albania",
    "DZ|DZA|Algeria",
    "AS|ASM|American Samoa",
    "AD|AND|Andorra",
    "AO|AGO|Angola",
    "AI|AIA|Anguilla",
    "AQ|ATA|Antarctica",
    "AG|ATG|Antigua and Barbuda|Antigua|Antigua Barbuda",
    "AR|ARG|Argentina",
    "AM|ARM|Armenia",
    "AW|ABW|Aruba",
    "AU|AUS|Australia",
    "AT|AUT|Austria|Österreich",
    "AZ|AZE|Azerbaijan",
    "BS|BHS|Bahamas|The Bahamas",
    "BH|BHR|Bahrain",
    "BD|BGD|Bangladesh",
    "BB|BRB|Barbados",
    "BY|BLR|Belarus",
    "BE|BEL|Belgium",
    "BZ|BLZ|Belize",
    "BJ|BEN|Benin",
    "BM|BMU|Bermuda",
    "BT|BTN|Bhutan",
    "BO|BOL|Bolivia|Plurinational State of Bolivia|Bolivia, Plurinational State of",
    "BQ|BES|Bonaire, Sint Eustatius and Saba|Caribbean Netherlands|Bonaire",
    "BA|BIH|Bosnia and Herzegovina|Bosnia Herzegovina|Bosnia",
    "BW|BWA|Botswana",
    "BV|BVT|Bouvet Island",
    "BR|BRA|Brazil|Brasil",
    "IO|IOT|British Indian Ocean Territory",
    "BN|BRN|Brunei Darussalam|Brunei",
    "BG|BGR|Bulgaria",
    "BF|BFA|Burkina Faso",
    "BI|BDI|Burundi",
    "CV|CPV|Cabo Verde|Cape Verde",
    "KH|KHM|Cambodia",
    "CM|CMR|Cameroon",
    "CA|CAN|Canada",
    "KY|CYM|Cayman Islands",
    "CF|CAF|Central African Republic",
    "TD|TCD|Chad",
    "CL|CHL|Chile",
    "CN|CHN|China|People's Republic of China|PRC",
    "CX|CXR|Christmas Island",
    "CC|CCK|Cocos (Keeling) Islands|Cocos Islands",
    "CO|COL|Colombia",
    "KM|COM|Comoros",
    "CG|COG|Congo|Republic of the Congo|Congo-Brazzaville",
    "CD|COD|Democratic Republic of the Congo|Congo, Democratic Republic of the|Congo, The Democratic Republic of the|DR Congo|DRC|Congo-Kinshasa",
    "CK|COK|Cook Islands",
    "CR|CRI|Costa Rica",
    "CI|CIV|Côte d'Ivoire|Cote d'Ivoire|Ivory Coast",
    "HR|HRV|Croatia",
    "CU|CUB|Cuba",
    "CW|CUW|Curaçao|Curacao",
    "CY|CYP|Cyprus",
    "CZ|CZE|Czechia|Czech Republic",
    "DK|DNK|Denmark",
    "DJ|DJI|Djibouti",
    "DM|DMA|Dominica",
    "DO|DOM|Dominican Republic",
    "EC|ECU|Ecuador",
    "EG|EGY|Egypt",
    "SV|SLV|El Salvador",
    "GQ|GNQ|Equatorial Guinea",
    "ER|ERI|Eritrea",
    "EE|EST|Estonia",
    "SZ|SWZ|Eswatini|Swaziland",
    "ET|ETH|Ethiopia",
    "FK|FLK|Falkland Islands|Falkland Islands (Malvinas)",
    "FO|FRO|Faroe Islands",
    "FJ|FJI|Fiji",
    "FI|FIN|Finland",
    "FR|FRA|France",
    "GF|GUF|French Guiana",
    "PF|PYF|French Polynesia",
    "TF|ATF|French Southern Territories",
    "GA|GAB|Gabon",
    "GM|GMB|Gambia|The Gambia",
    "GE|GEO|Georgia",
    "DE|DEU|Germany|Deutschland",
    "GH|GHA|Ghana",
    "GI|GIB|Gibraltar",
    "GR|GRC|Greece",
    "GL|GRL|Greenland",
    "GD|GRD|Grenada",
    "GP|GLP|Guadeloupe",
    "GU|GUM|Guam",
    "GT|GTM|Guatemala",
    "GG|GGY|Guernsey",
    "GN|GIN|Guinea",
    "GW|GNB|Guinea-Bissau",
    "GY|GUY|Guyana",
    "HT|HTI|Haiti",
    "HM|HMD|Heard Island and McDonald Islands",
    "VA|VAT|Holy See|Vatican City|Vatican",
    "HN|HND|Honduras",
    "HK|HKG|Hong Kong|Hong Kong SAR",
    "HU|HUN|Hungary",
    "IS|ISL|Iceland",
    "IN|IND|India",
    "ID|IDN|Indonesia",
    "IR|IRN|Iran|Islamic Republic of Iran|Iran, Islamic Republic of",
    "IQ|IRQ|Iraq",
    "IE|IRL|Ireland|Republic of Ireland|Éire",
    "IM|IMN|Isle of Man",
    "IL|ISR|Israel",
    "IT|ITA|Italy|Italia",
    "JM|JAM|Jamaica",
    "JP|JPN|Japan",
    "JE|JEY|Jersey",
    "JO|JOR|Jordan",
    "KZ|KAZ|Kazakhstan",
    "KE|KEN|Kenya",
    "KI|KIR|Kiribati",
    "KP|PRK|North Korea|Democratic People's Republic of Korea|Korea, Democratic People's Republic of",
    "KR|KOR|South Korea|Republic of Korea|Korea, Republic of|Korea|Korea, South",
    "KW|KWT|Kuwait",
    "KG|KGZ|Kyrgyzstan",
    "LA|LAO|Laos|Lao People's Democratic Republic",
    "LV|LVA|Latvia",
    "LB|LBN|Lebanon",
    "LS|LSO|Lesotho",
    "LR|LBR|Liberia",
    "LY|LBY|Libya",
    "LI|LIE|Liechtenstein",
    "LT|LTU|Lithuania",
    "LU|LUX|Luxembourg",
    "MO|MAC|Macao|Macau",
    "MG|MDG|Madagascar",
    "MW|MWI|Malawi",
    "MY|MYS|Malaysia",
    "MV|MDV|Maldives",
    "ML|MLI|Mali",
    "MT|MLT|Malta",
    "MH|MHL|Marshall Islands",
    "MQ|MTQ|Martinique",
    "MR|MRT|Mauritania",
    "MU|MUS|Mauritius",
    "YT|MYT|Mayotte",
    "MX|MEX|Mexico|México",
    "FM|FSM|Micronesia|Federated States of Micronesia|Micronesia, Federated States of",
    "MD|MDA|Moldova|Republic of Moldova|Moldova, Republic of",
    "MC|MCO|Monaco",
    "MN|MNG|Mongolia",
    "ME|MNE|Montenegro",
    "MS|MSR|Montserrat",
    "MA|MAR|Morocco",
    "MZ|MOZ|Mozambique",
    "MM|MMR|Myanmar|Burma",
    "NA|NAM|Namibia",
    "NR|NRU|Nauru",
    "NP|NPL|Nepal",
    "NL|NLD|Netherlands|The Netherlands|Netherlands, Kingdom of the|Kingdom of the Netherlands|Holland",
    "NC|NCL|New Caledonia",
    "NZ|NZL|New Zealand|Aotearoa",
    "NI|NIC|Nicaragua",
    "NE|NER|Niger",
    "NG|NGA|Nigeria",
    "NU|NIU|Niue",
    "NF|NFK|Norfolk Island",
    "MK|MKD|North Macedonia|Macedonia",
    "MP|MNP|Northern Mariana Islands",
    "NO|NOR|Norway",
    "OM|OMN|Oman",
    "PK|PAK|Pakistan",
    "PW|PLW|Palau",
    "PS|PSE|Palestine|State of Palestine|Palestine, State of|Palestinian Territories",
    "PA|PAN|Panama|Panamá",
    "PG|PNG|Papua New Guinea",
    "PY|PRY|Paraguay",
    "PE|PER|Peru|Perú",
    "PH|PHL|Philippines|The Philippines",
    "PN|PCN|Pitcairn|Pitcairn Islands",
    "PL|POL|Poland|Polska",
    "PT|PRT|Portugal",
    "PR|PRI|Puerto Rico",
    "QA|QAT|Qatar",
    "RE|REU|Réunion|Reunion",
    "RO|ROU|Romania",
    "RU|RUS|Russia|Russian Federation",
    "RW|RWA|Rwanda",
    "BL|BLM|Saint Barthélemy|Saint Barthelemy|St. Barthelemy|St. Barts",
    "SH|SHN|Saint Helena, Ascension and Tristan da Cunha|Saint Helena|St. Helena",
    "KN|KNA|Saint Kitts and Nevis|St. Kitts and Nevis|St. Kitts|St. Kitts Nevis",
    "LC|LCA|Saint Lucia|St. Lucia",
    "MF|MAF|Saint Martin (French part)|Saint Martin|St. Martin",
    "PM|SPM|Saint Pierre and Miquelon|St. Pierre and Miquelon",
    "VC|VCT|Saint Vincent and the Grenadines|St. Vincent and the Grenadines|Saint Vincent|St. Vincent",
    "WS|WSM|Samoa",
    "SM|SMR|San Marino",
    "ST|STP|Sao Tome and Principe|São Tomé and Príncipe",
    "SA|SAU|Saudi Arabia|KSA",
    "SN|SEN|Senegal",
    "RS|SRB|Serbia",
    "SC|SYC|Seychelles",
    "SL|SLE|Sierra Leone",
    "SG|SGP|Singapore",
    "SX|SXM|Sint Maarten (Dutch part)|Sint Maarten|St. Maarten",
    "SK|SVK|Slovakia|Slovak Republic",
    "SI|SVN|Slovenia",
    "SB|SLB|Solomon Islands",
    "SO|SOM|Somalia",
    "ZA|ZAF|South Africa",
    "GS|SGS|South Georgia and the South Sandwich Islands|South Georgia",
    "SS|SSD|South Sudan",
    "ES|ESP|Spain|España",
    "LK|LKA|Sri Lanka",
    "SD|SDN|Sudan",
    "SR|SUR|Suriname",
    "SJ|SJM|Svalbard and Jan Mayen|Svalbard",
    "SE|SWE|Sweden|Sverige",
    "CH|CHE|Switzerland|Schweiz|Suisse",
    "SY|SYR|Syria|Syrian Arab Republic",
    "TW|TWN|Taiwan|Taiwan, Province of China|Republic of China",
    "TJ|TJK|Tajikistan",
    "TZ|TZA|Tanzania|United Republic of Tanzania|Tanzania, United Republic of",
    "TH|THA|Thailand",
    "TL|TLS|Timor-Leste|East Timor",
    "TG|TGO|Togo",
    "TK|TKL|Tokelau",
    "TO|TON|Tonga",
    "TT|TTO|Trinidad and Tobago|Trinidad|Trinidad Tobago",
    "TN|TUN|Tunisia",
    "TR|TUR|Türkiye|Turkiye|Turkey",
    "TM|TKM|Turkmenistan",
    "TC|TCA|Turks and Caicos Islands|Turks and Caicos",
    "TV|TUV|Tuvalu",
    "UG|UGA|Uganda",
    "UA|UKR|Ukraine",
    "AE|ARE|United Arab Emirates|UAE",
    "GB|GBR|United Kingdom|United Kingdom of Great Britain and Northern Ireland|UK|Great Britain|Britain|England|Scotland|Wales|Northern Ireland",
    "US|USA|United States|United States of America|The United States|America",
    "UM|UMI|United States Minor Outlying Islands",
    "UY|URY|Uruguay",
    "UZ|UZB|Uzbekistan",
    "VU|VUT|Vanuatu",
    "VE|VEN|Venezuela|Bolivarian Republic of Venezuela|Venezuela, Bolivarian Republic of",
    "VN|VNM|Vietnam|Viet Nam",
    "VG|VGB|British Virgin Islands|Virgin Islands (British)",
    "VI|VIR|U.S. Virgin Islands|Virgin Islands (U.S.)|United States Virgin Islands|Virgin Islands|USVI",
    "WF|WLF|Wallis and Futuna",
    "EH|ESH|Western Sahara",
    "YE|YEM|Yemen",
    "ZM|ZMB|Zambia",
    "ZW|ZWE|Zimbabwe",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(names: &Names, text: &str, expect: Option<&str>) {
        assert_eq!(names.code(text), expect, "{text}");
    }

    #[test]
    fn places_by_all_their_names() {
        for text in
            ["US", "USA", "usa", "U.S.A.", "United States", "united states of america", "UNITED  STATES"]
        {
            check(&COUNTRIES, text, Some("US"));
        }
        for (text, code) in [
            ("UK", "GB"),
            ("England", "GB"),
            ("South Korea", "KR"),
            ("Russia", "RU"),
            ("Côte d’Ivoire", "CI"),
            ("TÜRKIYE", "TR"),
            ("Bosnia & Herzegovina", "BA"),
            ("DEU", "DE"),
        ] {
            check(&COUNTRIES, text, Some(code));
        }
        for text in ["", "-", "Atlantis", "United"] {
            check(&COUNTRIES, text, None);
        }
        check(&STATES, "D.C.", Some("DC"));
        check(&STATES, "new york", Some("NY"));
        check(&PROVINCES, "Québec", Some("QC"));
        check(&PROVINCES, "MA", None);
    }

    #[test]
    fn what_was_meant() {
        assert_eq!(COUNTRIES.meant("Unted States"), Some("United States"));
        assert_eq!(COUNTRIES.meant("Germny"), Some("Germany"));
        // As near to Slovakia as to Slovenia.
        assert_eq!(COUNTRIES.meant("Slovekia"), None);
        assert_eq!(COUNTRIES.meant("Atlantis"), None);
        assert_eq!(STATES.meant("Massachusets"), Some("Massachusetts"));
        assert_eq!(STATES.meant("Ohoi"), None);
    }

    #[test]
    fn no_name_is_that_of_two_places() {
        for names in [&COUNTRIES, &STATES, &PROVINCES] {
            for pair in names.folded.windows(2) {
                let same = by_letters(pair[0].0, pair[1].0).is_eq();
                assert!(!same || pair[0].1 == pair[1].1, "{pair:?}");
            }
            assert!(names.exact.iter().filter(|(name, code)| name == code).all(|(code, _)| code.len() == 2));
        }
    }

    #[test]
    fn zip_prefixes_are_in_order_and_of_states() {
        assert!(ZIP_PREFIXES.windows(2).all(|pair| pair[0].1 < pair[1].0));
        for (first, last, states) in ZIP_PREFIXES {
            assert!(first <= last);
            assert!(states.split(' ').all(|state| STATES.code(state) == Some(state)), "{states}");
        }
        assert_eq!(states_of_zip(21), "MA");
        assert_eq!(states_of_zip(4), "");
        assert_eq!(states_of_zip(269), "");
        assert_eq!(states_of_zip(999), "AK");
    }
}
