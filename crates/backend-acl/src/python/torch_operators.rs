//! What an operator is called in torch: a function that writes a given result, or a method that changes its tensor.
//!
//! A parameter of the operator stands in braces. Operators without such a form are missing: torch would allocate their result itself,
//! which makes another graph.

/// The form of the operator with that C name.
pub(super) fn torch_form(name: &str) -> Option<&'static str> {
    FORMS.binary_search_by_key(&name, |entry| entry.0).ok().and_then(|at| FORMS.get(at)).map(|entry| entry.1)
}

/// In order of names.
static FORMS: &[(&str, &str)] = &[
    ("aclnnAbs", "torch.abs({self}, out={out})"),
    ("aclnnAdd", "torch.add({self}, {other}, alpha={alpha}, out={out})"),
    ("aclnnAddcmul", "torch.addcmul({self}, {tensor1}, {tensor2}, value={value}, out={out})"),
    ("aclnnAddmm", "torch.addmm({self}, {mat1}, {mat2}, beta={beta}, alpha={alpha}, out={out})"),
    ("aclnnAdds", "torch.add({self}, {other}, alpha={alpha}, out={out})"),
    ("aclnnAmax", "torch.amax({self}, {dim}, {keepDim}, out={out})"),
    ("aclnnAmin", "torch.amin({self}, {dim}, {keepDim}, out={out})"),
    ("aclnnArange", "torch.arange({start}, {end}, {step}, out={out})"),
    ("aclnnArgMax", "torch.argmax({self}, {dim}, {keepdim}, out={out})"),
    ("aclnnArgMin", "torch.argmin({self}, {dim}, {keepdim}, out={out})"),
    ("aclnnBaddbmm", "torch.baddbmm({self}, {batch1}, {batch2}, beta={beta}, alpha={alpha}, out={out})"),
    ("aclnnBatchMatMul", "torch.bmm({self}, {mat2}, out={out})"),
    ("aclnnBitwiseNot", "torch.bitwise_not({self}, out={out})"),
    ("aclnnCat", "torch.cat({tensors}, dim={dim}, out={out})"),
    ("aclnnCeil", "torch.ceil({self}, out={out})"),
    ("aclnnClamp", "torch.clamp({self}, min={clipValueMin}, max={clipValueMax}, out={out})"),
    ("aclnnClampMax", "torch.clamp({self}, max={clipValueMax}, out={out})"),
    ("aclnnClampMin", "torch.clamp({self}, min={clipValueMin}, out={out})"),
    ("aclnnCos", "torch.cos({input}, out={out})"),
    ("aclnnCumsum", "torch.cumsum({self}, {dim}, dtype={dtype}, out={out})"),
    ("aclnnDiv", "torch.div({self}, {other}, out={out})"),
    ("aclnnDivs", "torch.div({self}, {other}, out={out})"),
    ("aclnnEqScalar", "torch.eq({self}, {other}, out={out})"),
    ("aclnnEqTensor", "torch.eq({self}, {other}, out={out})"),
    ("aclnnErf", "torch.erf({self}, out={out})"),
    ("aclnnExp", "torch.exp({self}, out={out})"),
    ("aclnnEye", "torch.eye({n}, {m}, out={out})"),
    ("aclnnFloor", "torch.floor({self}, out={out})"),
    ("aclnnFloorDivide", "torch.floor_divide({self}, {other}, out={out})"),
    ("aclnnGather", "torch.gather({self}, {dim}, {index}, out={out})"),
    ("aclnnGeScalar", "torch.ge({self}, {other}, out={out})"),
    ("aclnnGeTensor", "torch.ge({self}, {other}, out={out})"),
    ("aclnnGtScalar", "torch.gt({self}, {other}, out={out})"),
    ("aclnnGtTensor", "torch.gt({self}, {other}, out={out})"),
    ("aclnnIndexSelect", "torch.index_select({self}, {dim}, {index}, out={out})"),
    ("aclnnInplaceAdd", "{selfRef}.add_({other}, alpha={alpha})"),
    ("aclnnInplaceAddcmul", "{selfRef}.addcmul_({tensor1}, {tensor2}, value={value})"),
    ("aclnnInplaceAdds", "{selfRef}.add_({other}, alpha={alpha})"),
    ("aclnnInplaceCeil", "{selfRef}.ceil_()"),
    ("aclnnInplaceClampMax", "{selfRef}.clamp_(max={clipValueMax})"),
    ("aclnnInplaceCopy", "{selfRef}.copy_({src})"),
    ("aclnnInplaceCos", "{inputRef}.cos_()"),
    ("aclnnInplaceDiv", "{selfRef}.div_({other})"),
    ("aclnnInplaceDivs", "{selfRef}.div_({other})"),
    ("aclnnInplaceErf", "{selfRef}.erf_()"),
    ("aclnnInplaceExp", "{selfRef}.exp_()"),
    ("aclnnInplaceFillScalar", "{selfRef}.fill_({value})"),
    ("aclnnInplaceFillTensor", "{selfRef}.fill_({value})"),
    ("aclnnInplaceFloor", "{selfRef}.floor_()"),
    ("aclnnInplaceLog", "{selfRef}.log_()"),
    ("aclnnInplaceLogicalAnd", "{selfRef}.logical_and_({other})"),
    ("aclnnInplaceLogicalNot", "{selfRef}.logical_not_()"),
    ("aclnnInplaceLogicalOr", "{selfRef}.logical_or_({other})"),
    ("aclnnInplaceMaskedFillScalar", "{selfRef}.masked_fill_({mask}, {value})"),
    ("aclnnInplaceMaskedFillTensor", "{selfRef}.masked_fill_({mask}, {value})"),
    ("aclnnInplaceMul", "{selfRef}.mul_({other})"),
    ("aclnnInplaceMuls", "{selfRef}.mul_({other})"),
    ("aclnnInplaceNeg", "{selfRef}.neg_()"),
    ("aclnnInplacePowTensorScalar", "{self}.pow_({exponent})"),
    ("aclnnInplacePowTensorTensor", "{self}.pow_({exponent})"),
    ("aclnnInplaceReciprocal", "{selfRef}.reciprocal_()"),
    ("aclnnInplaceRelu", "{selfRef}.relu_()"),
    ("aclnnInplaceRsqrt", "{selfRef}.rsqrt_()"),
    ("aclnnInplaceSigmoid", "{selfRef}.sigmoid_()"),
    ("aclnnInplaceSin", "{selfRef}.sin_()"),
    ("aclnnInplaceSqrt", "{self}.sqrt_()"),
    ("aclnnInplaceSub", "{selfRef}.sub_({other}, alpha={alpha})"),
    ("aclnnInplaceSubs", "{selfRef}.sub_({other}, alpha={alpha})"),
    ("aclnnInplaceTanh", "{selfRef}.tanh_()"),
    ("aclnnInplaceTril", "{selfRef}.tril_({diagonal})"),
    ("aclnnInplaceTriu", "{selfRef}.triu_({diagonal})"),
    ("aclnnInplaceZero", "{selfRef}.zero_()"),
    ("aclnnLeTensor", "torch.le({self}, {other}, out={out})"),
    ("aclnnLinspace", "torch.linspace({start}, {end}, {steps}, out={out})"),
    ("aclnnLog", "torch.log({self}, out={out})"),
    ("aclnnLogSoftmax", "torch.log_softmax({self}, {dim}, out={out})"),
    ("aclnnLogicalAnd", "torch.logical_and({self}, {other}, out={out})"),
    ("aclnnLogicalNot", "torch.logical_not({self}, out={out})"),
    ("aclnnLogicalOr", "torch.logical_or({self}, {other}, out={out})"),
    ("aclnnLtScalar", "torch.lt({self}, {other}, out={out})"),
    ("aclnnLtTensor", "torch.lt({self}, {other}, out={out})"),
    ("aclnnMatmul", "torch.matmul({self}, {mat2}, out={out})"),
    ("aclnnMax", "torch.max({self}, out={out})"),
    ("aclnnMaxDim", "torch.max({self}, {dim}, {keepdim}, out=({out}, {indices}))"),
    ("aclnnMaximum", "torch.maximum({self}, {other}, out={out})"),
    ("aclnnMean", "torch.mean({self}, {dim}, {keepDim}, dtype={dtype}, out={out})"),
    ("aclnnMinimum", "torch.minimum({self}, {other}, out={out})"),
    ("aclnnMm", "torch.mm({self}, {mat2}, out={out})"),
    ("aclnnMul", "torch.mul({self}, {other}, out={out})"),
    ("aclnnMuls", "torch.mul({self}, {other}, out={out})"),
    ("aclnnMv", "torch.mv({self}, {vec}, out={out})"),
    ("aclnnNeTensor", "torch.ne({self}, {other}, out={out})"),
    ("aclnnNeg", "torch.neg({self}, out={out})"),
    ("aclnnPowScalarTensor", "torch.pow({self}, {exponent}, out={out})"),
    ("aclnnPowTensorScalar", "torch.pow({self}, {exponent}, out={out})"),
    ("aclnnPowTensorTensor", "torch.pow({self}, {exponent}, out={out})"),
    ("aclnnReciprocal", "torch.reciprocal({self}, out={out})"),
    ("aclnnReduceSum", "torch.sum({self}, {dims}, {keepDims}, dtype={dtype}, out={out})"),
    ("aclnnRsqrt", "torch.rsqrt({self}, out={out})"),
    ("aclnnSWhere", "torch.where({condition}, {self}, {other}, out={out})"),
    ("aclnnScatterAdd", "torch.scatter_add({self}, {dim}, {index}, {src}, out={out})"),
    ("aclnnSigmoid", "torch.sigmoid({self}, out={out})"),
    ("aclnnSin", "torch.sin({self}, out={out})"),
    ("aclnnSoftmax", "torch.softmax({self}, {dim}, out={out})"),
    (
        "aclnnSort",
        "torch.sort({self}, stable={stable}, dim={dim}, descending={descending}, out=({valuesOut}, {indicesOut}))",
    ),
    ("aclnnSqrt", "torch.sqrt({self}, out={out})"),
    ("aclnnStack", "torch.stack({tensors}, dim={dim}, out={out})"),
    ("aclnnSub", "torch.sub({self}, {other}, alpha={alpha}, out={out})"),
    ("aclnnSubs", "torch.sub({self}, {other}, alpha={alpha}, out={out})"),
    ("aclnnTanh", "torch.tanh({self}, out={out})"),
    (
        "aclnnTopk",
        "torch.topk({self}, {k}, dim={dim}, largest={largest}, sorted={sorted}, out=({valuesOut}, {indicesOut}))",
    ),
    ("aclnnTril", "torch.tril({self}, {diagonal}, out={out})"),
    ("aclnnTriu", "torch.triu({self}, {diagonal}, out={out})"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use acg_operators::Operator;

    #[test]
    fn forms_are_in_order_and_name_parameters() {
        assert!(FORMS.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for (name, form) in FORMS {
            let operator = Operator::find(name).unwrap_or_else(|| panic!("{name} is no operator"));
            for part in form.split('{').skip(1) {
                let parameter = part.split('}').next().unwrap_or_default();
                assert!(operator.parameter(parameter).is_some(), "{name} has no {parameter}");
            }
            // Every tensor that is written stands in the form.
            for (_, result) in operator.results() {
                assert!(
                    result.optional || form.contains(&format!("{{{}}}", result.name)),
                    "{name} leaves {} out",
                    result.name
                );
            }
            for (_, input) in operator.inputs().filter(|(_, input)| !input.optional) {
                assert!(form.contains(&format!("{{{}}}", input.name)), "{name} leaves {} out", input.name);
            }
        }
    }
}
