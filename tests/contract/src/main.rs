//! Validates every operation of a document against a schema: `contract SCHEMA OPERATIONS`.

use std::process::ExitCode;

use apollo_compiler::{ExecutableDocument, Schema, ast};

fn main() -> ExitCode {
    let paths: Vec<_> = std::env::args().skip(1).collect();
    let checked = match paths.as_slice() {
        [schema, operations] => check(schema, operations),
        _ => Err("usage: contract SCHEMA OPERATIONS".to_owned()),
    };
    match checked {
        Ok(count) => {
            println!("{count} operations validate");
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

/// How many operations validate; the first that does not is an error.
fn check(schema: &str, operations: &str) -> Result<usize, String> {
    let read = |path: &str| std::fs::read_to_string(path).map_err(|error| format!("{path}: {error}"));
    let schema = Schema::parse_and_validate(read(schema)?, schema)
        .map_err(|invalid| invalid.errors.to_string())?;
    let document = ast::Document::parse(read(operations)?, operations)
        .map_err(|invalid| invalid.errors.to_string())?;
    let mut checked = 0;
    for definition in &document.definitions {
        let ast::Definition::OperationDefinition(operation) = definition else { continue };
        let name = operation.name.as_ref().map(ToString::to_string).unwrap_or_default();
        ExecutableDocument::parse_and_validate(&schema, operation.to_string(), &name)
            .map_err(|invalid| format!("{name} does not validate:\n{}", invalid.errors))?;
        checked += 1;
    }
    if checked == 0 { Err(format!("{operations} holds no operation")) } else { Ok(checked) }
}
