//! The headers under which other systems export what a column fills.

use crate::program::Fill;

/// Attribute by attribute the headers of `OneRoster` 1.1 and 1.2, Clever's SFTP files, Canvas's SIS import, Moodle's
/// user upload, Google Workspace's user list and the documents of the programs, and those that people give such
/// columns by themselves. They are compared as [`super::normalised`] has them.
const ALIASES: [(Fill, &[&str]); 47] = [
    (
        Fill::Person("email"),
        &["E-mail", "Email Address", "E-mail Address", "Mail", "User Email", "Student Email", "Person Email"],
    ),
    (Fill::Person("username"), &["User Name", "Login", "Login ID", "User Login", "Screen Name"]),
    (
        Fill::Person("firstName"),
        &["Given Name", "First", "Forename", "Student First Name", "User First Name", "Legal First Name"],
    ),
    (
        Fill::Person("lastName"),
        &["Family Name", "Last", "Surname", "Student Last Name", "User Last Name", "Legal Last Name"],
    ),
    (Fill::Person("middleName"), &["Middle", "Middle Initial", "Student Middle Name"]),
    (
        Fill::Person("preferredName"),
        &["Preferred First Name", "Preferred Given Name", "Nickname", "Short Name", "Known As"],
    ),
    (Fill::Person("pronouns"), &["Pronoun", "Preferred Pronouns"]),
    (
        Fill::Person("street1"),
        &[
            "Street",
            "Street Address",
            "Address",
            "Address 1",
            "Address Line 1",
            "Student Street",
            "Home Address",
        ],
    ),
    (Fill::Person("street2"), &["Street 2", "Address 2", "Address Line 2", "Apartment", "Unit"]),
    (Fill::Person("city"), &["Town", "Student City"]),
    (Fill::Person("addressType"), &["Type of Address"]),
    (Fill::Person("state"), &["Province", "Region", "Student State", "State or Province"]),
    (
        Fill::Person("postalCode"),
        &["Zip", "Zip Code", "Postal Code", "Postcode", "Post Code", "Student Zip", "PLZ"],
    ),
    (Fill::Person("country"), &["Country Code", "Student Country"]),
    (
        Fill::Person("phone"),
        &["Phone Number", "Telephone", "Tel", "Phone 1", "Home Phone", "Primary Phone", "Work Phone"],
    ),
    (Fill::Person("mobilePhone"), &["Mobile", "Cell", "Cell Phone", "Phone 2", "SMS", "Mobile Phone Number"]),
    (Fill::Person("role"), &["User Role", "User Type", "Person Type", "Type of User", "Declared User Type"]),
    (Fill::Person("grade"), &["Grades", "Grade Level", "User Grade", "Student Grade", "Current Grade"]),
    (
        Fill::Person("externalId"),
        &[
            "External ID",
            "Sourced ID",
            "ID Number",
            "User ID",
            "Student ID",
            "Student Number",
            "Employee ID",
            "SIS ID",
            "Person ID",
        ],
    ),
    (Fill::Person("districtId"), &["User District ID", "District ID", "Identifier"]),
    (Fill::Person("stateId"), &["User State ID", "State Student ID"]),
    (
        Fill::Person("schoolId"),
        &["School Sourced ID", "School Number", "Org Sourced IDs", "Primary Org Sourced ID"],
    ),
    (Fill::Person("department"), &["Dept"]),
    (Fill::Person("title"), &["Job Title", "Employee Title"]),
    (Fill::Person("password"), &["Initial Password", "Passwort", "Pass Word"]),
    (
        Fill::Person("birthDate"),
        &["Date of Birth", "DOB", "Birthday", "Birth Day", "Birth Date", "Demographics Birth Date"],
    ),
    (Fill::Person("gender"), &["Sex"]),
    (Fill::Person("ethnicity"), &["Race", "Race Ethnicity"]),
    (Fill::Person("ellStatus"), &["ELL", "English Learner", "English Language Learner"]),
    (Fill::Person("iepStatus"), &["IEP"]),
    (Fill::Person("homeLanguage"), &["Language", "Primary Language", "Lang"]),
    (Fill::Person("economicallyDisadvantaged"), &["Economic Disadvantage", "Frl Status"]),
    (Fill::Person("lunchStatus"), &["Free Reduced Lunch", "Lunch"]),
    (Fill::Person("highSchool"), &["School", "School Name", "High School Name", "Institution"]),
    (
        Fill::Person("highSchoolGraduationYear"),
        &["Graduation Year", "Grad Year", "Year of Graduation", "High School Graduation Year"],
    ),
    (Fill::Person("collegeGraduationYear"), &["College Graduation Year", "Graduation Year", "Grad Year"]),
    (Fill::Person("collegeMajor"), &["Major", "Field of Study"]),
    (Fill::Person("major"), &["Field of Study", "Area of Study", "Program of Study"]),
    (Fill::Person("classYear"), &["Year in School", "Class Standing", "Standing"]),
    (Fill::Person("heardFrom"), &["Heard From", "Referred By", "Referral Source"]),
    (Fill::Person("source"), &["Source Code", "Tracking Code", "Lead Source"]),
    (
        Fill::Parent("email"),
        &["Parent Email Address", "Guardian Email", "Contact Email", "Mother Email", "Father Email"],
    ),
    (Fill::Parent("firstName"), &["Parent First", "Guardian First Name", "Parent Given Name"]),
    (Fill::Parent("lastName"), &["Parent Last", "Guardian Last Name", "Parent Family Name"]),
    (
        Fill::Link("parent"),
        &[
            "Parents",
            "Parent Email",
            "Parent Email Address",
            "Guardian Email",
            "Contact Email",
            "Parent Emails",
        ],
    ),
    (
        Fill::Link("instructor"),
        &["Instructor Email", "Instructors", "Teacher", "Teacher Email", "Tutor Email", "Instructor Emails"],
    ),
    (Fill::Link("student"), &["Students", "Student Email", "Child Email", "Student Emails"]),
];

/// The other headers of what a column fills.
pub(super) fn of(fill: Option<Fill>) -> &'static [&'static str] {
    ALIASES.iter().find(|(other, _)| Some(*other) == fill).map_or(&[], |(_, names)| names)
}
