using Candor.Infra.Tests.Program;

namespace Candor.Infra.Tests.Repository;

/// <summary>Lines of C# are at most 140 columns long, as .editorconfig says; no analyzer of the SDK enforces it.</summary>
public sealed class LineLengthTests
{
    private const int Longest = 140;
    private const string Raw = "\"\"\"";

    // Folders and files whose lines are not broken yet. The list only shrinks: an entry without a long line must be taken out.
    private static readonly string[] NotYet =
    [
        "app/Health/",
        "infra/Chaos/",
        "infra/Cli/",
        "infra/Doctor/",
        "infra/Local/Page/",
        "infra/Plan/Diff/",
        "infra/Plan/Lint/",
        "infra/Plan/Picture/",
        "infra/Plan/Preview/",
        "infra/Plan/Reading/",
        "infra/Plan/Report/",
        "infra/Plan/Rules/",
        "tests/Chaos.Tests/",
        "tests/Doctor.Tests/",
        "tests/EndToEnd.Tests/LoadedPageTests.cs",
        "tests/EndToEnd.Tests/PageChecks.cs",
        "tests/EndToEnd.Tests/StatusPageTests.cs",
        "tests/Health.Tests/",
        "tests/Infra.Tests/Lint/",
        "tests/Infra.Tests/Local/PageMemoryTests.cs",
        "tests/Infra.Tests/Rules/",
    ];

    [Fact]
    public void No_line_is_longer_than_the_limit()
    {
        var found = LongLines().Where(line => !NotYet.Any(entry => Holds(entry, line.File))).Select(line => $"{line.File}:{line.Number}");

        Assert.Empty(found);
    }

    [Fact]
    public void Every_entry_of_the_list_still_has_a_long_line()
    {
        var files = LongLines().Select(line => line.File).ToHashSet(StringComparer.Ordinal);

        Assert.All(NotYet, entry => Assert.True(
            files.Any(file => Holds(entry, file)), $"{entry} has no long line any more: take it out of the list."));
    }

    private static bool Holds(string entry, string file) =>
        entry == file || (entry.EndsWith('/') && file.StartsWith(entry, StringComparison.Ordinal));

    // Only lines that can be broken: neither data in a raw string nor an address.
    private static IEnumerable<(string File, int Number)> LongLines() =>
        from folder in new[] { "app", "infra", "tests" }
        from path in Directory.EnumerateFiles(Path.Combine(RepositoryFile.Root, folder), "*.cs", SearchOption.AllDirectories)
        let file = Path.GetRelativePath(RepositoryFile.Root, path).Replace(Path.DirectorySeparatorChar, '/')
        where !file.Contains("/bin/", StringComparison.Ordinal) && !file.Contains("/obj/", StringComparison.Ordinal)
            && !file.Contains("/node_modules/", StringComparison.Ordinal)
        from number in LongLines(File.ReadLines(path))
        select (file, number);

    private static IEnumerable<int> LongLines(IEnumerable<string> lines)
    {
        var raw = false;
        foreach (var (index, line) in lines.Index())
        {
            var quotes = line.Split(Raw).Length - 1;
            if (line.Length > Longest && !raw && quotes == 0 && !line.Contains("https://", StringComparison.Ordinal))
            {
                yield return index + 1;
            }

            raw ^= quotes % 2 == 1;
        }
    }
}
