//! Kernel names without what changes from build to build.

/// `name` without the parts between underscores that look like hashes: small letters and digits, more than five of them digits.
///
/// `torch_npu` shortens names in its aligned traces by the same rule, so stems can be compared with them.
pub fn stem(name: &str) -> String {
    let is_hash = |part: &&str| {
        let digits = part.bytes().filter(u8::is_ascii_digit).count();
        digits > 5 && part.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase())
    };
    let parts: Vec<&str> = name.split('_').filter(|part| !is_hash(part)).collect();
    if parts.is_empty() { name.to_owned() } else { parts.join("_") }
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn hashes_are_cut_out_and_nothing_else() {
        assert_eq!(stem("Add_ab12_0a1b2c3d4e5f60718_12"), "Add_ab12_12");
        assert_eq!(stem("MoeDispatchV2_1060"), "MoeDispatchV2_1060");
        assert_eq!(stem("aiv_all_gather_bfloat16_t"), "aiv_all_gather_bfloat16_t");
        assert_eq!(stem("1234567"), "1234567");
        assert_eq!(stem(""), "");
    }
}
