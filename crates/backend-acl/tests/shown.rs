//! Emitted programs print elements as `acg run` does: the shortest text that reads back as the same element.
//!
//! What an element is printed as is a few lines of each program, which run here by themselves, beside Rust's own shortest form.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

/// `f32` of every size and sign.
fn elements() -> Vec<f32> {
    let mut elements = vec![
        0.0,
        -0.0,
        1.0,
        -1.5,
        0.1,
        1.1,
        2.2,
        3.300_000_2,
        6.6,
        100.0,
        1e-4,
        9.999e-5,
        1e-5,
        1e10,
        16_777_216.0,
        123_456_790.0,
        9.999_999e15,
        1e16,
        3.4e38,
        1e-45,
        f32::MAX,
        f32::MIN_POSITIVE,
        f32::INFINITY,
        f32::NEG_INFINITY,
        f32::NAN,
    ];
    let mut bits = 1u32;
    while elements.len() < 300 {
        bits = bits.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        elements.extend(Some(f32::from_bits(bits)).filter(|element| element.is_finite()));
    }
    elements
}

fn wanted(elements: &[f32]) -> String {
    let shown = |element: &f32| if element.is_nan() { "nan".to_owned() } else { format!("{element:?}") };
    elements.iter().map(|element| shown(element) + "\n").collect()
}

/// Runs a program that prints one element a line; nothing where there is no such tool.
fn printed(program: &str, arguments: &[&Path]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).expect("numbers are text"))
}

#[test]
fn python_prints_elements_as_the_reference_does() {
    let mut text = "\
import struct
import types


def tensor(value, dtype):
    try:
        near = struct.unpack('f', struct.pack('f', value))[0]
    except OverflowError:
        near = float('inf') if value > 0 else float('-inf')
    return types.SimpleNamespace(item=lambda: near)


torch = types.SimpleNamespace(tensor=tensor, float32='f', float64='d', complex128='z')
"
    .to_owned();
    text += include_str!("../src/python/prelude/show.py");
    for element in elements() {
        writeln!(
            text,
            "print(text_of(struct.unpack('<f', struct.pack('<I', {}))[0], 'f'))",
            element.to_bits()
        )
        .expect("text grows");
    }
    text += "print(text_of(True, 'b'), text_of(-3, 'i'), text_of(complex(1, -2), 'c'))\n";
    let directory = tempfile::tempdir().expect("a directory can be made");
    let file = directory.path().join("shown.py");
    std::fs::write(&file, text).expect("the file can be written");
    let Some(printed) = printed("python3", &[&file]) else {
        eprintln!("skipped: there is no python3 to run emitted Python with");
        return;
    };
    assert_eq!(printed, wanted(&elements()) + "true -3 (1.0, -2.0)\n");
}

#[test]
fn cpp_prints_elements_as_the_reference_does() {
    let mut text = String::new();
    for header in [
        "algorithm",
        "cmath",
        "cstdint",
        "cstdio",
        "cstdlib",
        "cstring",
        "initializer_list",
        "string",
        "type_traits",
        "vector",
    ] {
        writeln!(text, "#include <{header}>").expect("text grows");
    }
    text += "static const char *const kSource = \"\";\nstatic const int ACL_ERROR_FAILURE = 1;\n\
             static void check(int, const char *, unsigned) {}\n";
    text += include_str!("../src/cpp/prelude/elements.hpp");
    text += "template <typename Element>\nstatic void print(Element element)\n{\n    \
             Elements<Element>(&element, {}, {}).show(\"x\");\n}\n\nint main()\n{\n";
    for element in elements() {
        let bits = element.to_bits();
        writeln!(text, "    {{\n        const uint32_t bits = {bits}U;\n        float element = 0;\n        std::memcpy(&element, &bits, 4);\n        print(element);\n    }}")
            .expect("text grows");
    }
    text += "    print(true);\n    print<int8_t>(-3);\n    print<uint64_t>(18446744073709551615U);\n}\n";
    let directory = tempfile::tempdir().expect("a directory can be made");
    let (file, program) = (directory.path().join("shown.cpp"), directory.path().join("shown"));
    std::fs::write(&file, text).expect("the file can be written");
    let flags = ["-std=c++17", "-Wall", "-Wextra", "-Werror", "-o"].map(Path::new);
    let arguments: Vec<&Path> = flags.into_iter().chain([program.as_path(), file.as_path()]).collect();
    if printed("g++", &arguments).is_none() {
        eprintln!("skipped: there is no g++ to compile emitted C++ with");
        return;
    }
    let printed = printed(&program.to_string_lossy(), &[]).expect("what was compiled runs");
    let wanted = wanted(&elements()) + "true\n-3\n18446744073709551615\n";
    assert_eq!(printed.replace("x = ", ""), wanted);
}
