use super::{Rule, Words, quoted, shortened};
use crate::{columns::Columns, diagnostic::{Diagnostic, Fix, Severity}, program::Program};

pub(crate) static RULE: Rule = Rule {
    name: "column-claimed-twice",
    severity: Severity::Warning,
    summary: "Two columns of the file are known names of the same column of the program; the second is ignored.",
    why: "Which of them is meant, only the importer knows; the values of the other are not imported.",
    failing: "`Home Phone` and `Work Phone`, where the program has one `Phone`.",
    passing: "One of them, or the one that is meant under the program's own name.",
    help: "Delete one of the columns, or give the one that is meant the program's name.",
};

pub(crate) fn check(program: &Program, columns: &Columns) -> Vec<Diagnostic> {
    let claimed = columns.claimed().iter();
    claimed.map(|&(column, field)| diagnostic(program, columns, column, field)).collect()
}

fn diagnostic(program: &Program, columns: &Columns, column: usize, field: usize) -> Diagnostic {
    let header = &columns.headers()[column];
    let name = &program.fields[field].name;
    let other = columns.column(field).map_or("", |column| columns.headers()[column].as_str());
    let mut words = Words::new(
        format!("Column {}: it is a name of {name}, which {} is already; its values are ignored.", shortened(header), quoted(other)),
        format!("Delete the column, or take it for {name} instead of {}.", quoted(other)),
    );
    words.fix = Some(Fix::MapColumn { field: name.clone() });
    RULE.column(header, words)
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::{program::Program, rules::tests::found_in};

    #[test]
    fn words() {
        let file = "E-mail,First Name,Last Name,Home Phone,Work Phone\nann@example.com,Ann,Lee,617 555 0142,617 555 0143\n";
        assert_snapshot!(found_in(Program::builtin("clients").unwrap(), file), @"warning column-claimed-twice | Column Work Phone: it is a name of Phone, which `Home Phone` is already; its values are ignored. | Delete the column, or take it for Phone instead of `Home Phone`. | fix: column Phone");
    }
}
