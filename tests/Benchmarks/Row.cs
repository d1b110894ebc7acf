namespace Candor.Benchmarks;

/// <summary>One measured line of a report.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Ours">Ours, with its unit.</param>
/// <param name="Other">What it is compared with, in the same run; empty when with nothing.</param>
/// <param name="Ratio">Ours against the other, or the value that the bound is for.</param>
/// <param name="Bound">What must hold.</param>
/// <param name="Holds">Whether it does.</param>
internal sealed record Row(string What, string Ours, string Other, string Ratio, string Bound, bool Holds)
{
    /// <summary>Prints rows as a Markdown table, and says whether every bound holds.</summary>
    public static bool Print(string other, IReadOnlyList<Row> rows)
    {
        Console.WriteLine($"| measure | candor | {other} | ratio | bound | holds |");
        Console.WriteLine("|---|---:|---:|---:|---|---|");
        foreach (var row in rows)
        {
            Console.WriteLine($"| {row.What} | {row.Ours} | {row.Other} | {row.Ratio} | {row.Bound} | {(row.Holds ? "yes" : "**no**")} |");
        }

        return rows.All(row => row.Holds);
    }
}
