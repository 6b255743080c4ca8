//! Least squares on a few columns, by modified Gram–Schmidt.

/// The sum of products, in several sums that need not wait for each other.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    const LANES: usize = 8;
    let (a, a_left) = a.as_chunks::<LANES>();
    let (b, b_left) = b.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    for (a, b) in a.iter().zip(b) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let left: f64 = a_left.iter().zip(b_left).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f64>() + left
}

/// The coefficients of the columns that come closest to `y`; `None` where the columns depend on each other.
///
/// Columns and `y` have one length. Cost: O(columns² · length).
pub(super) fn coefficients(columns: &[Vec<f64>], y: &[f64]) -> Option<Vec<f64>> {
    let count = columns.len();
    let mut basis: Vec<Vec<f64>> = Vec::with_capacity(count);
    let mut triangle = vec![vec![0.0; count]; count];
    for (k, column) in columns.iter().enumerate() {
        let mut rest = column.clone();
        for (j, q) in basis.iter().enumerate() {
            let along = dot(q, &rest);
            triangle[j][k] = along;
            rest.iter_mut().zip(q).for_each(|(r, q)| *r -= along * q);
        }
        let length = dot(&rest, &rest).sqrt();
        if length <= 1e-10 * dot(column, column).sqrt() || length == 0.0 {
            return None;
        }
        triangle[k][k] = length;
        rest.iter_mut().for_each(|r| *r /= length);
        basis.push(rest);
    }
    let mut rest = y.to_vec();
    let mut along = Vec::with_capacity(count);
    for q in &basis {
        let a = dot(q, &rest);
        rest.iter_mut().zip(q).for_each(|(r, q)| *r -= a * q);
        along.push(a);
    }
    let mut found = vec![0.0; count];
    for k in (0..count).rev() {
        let known: f64 = (k + 1..count).map(|j| triangle[k][j] * found[j]).sum();
        found[k] = (along[k] - known) / triangle[k][k];
    }
    Some(found)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_parabola_is_found_again_and_dependent_columns_are_refused() {
        let x: Vec<f64> = (0..7).map(f64::from).collect();
        let square: Vec<f64> = x.iter().map(|x| x * x).collect();
        let y: Vec<f64> = x.iter().map(|x| 3.0 - 2.0 * x + 0.5 * x * x).collect();
        let found = coefficients(&[vec![1.0; 7], x.clone(), square], &y).unwrap();
        for (ours, exact) in found.iter().zip([3.0, -2.0, 0.5]) {
            assert!((ours - exact).abs() < 1e-12, "{found:?}");
        }
        assert_eq!(coefficients(&[x.clone(), x], &y), None);
    }
}
