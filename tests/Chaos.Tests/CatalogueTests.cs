using System.Text.RegularExpressions;
using Candor.Chaos.Catalogue;

namespace Candor.Chaos.Tests;

/// <summary>The catalogue is docs/faults.md as something that can be made.</summary>
public sealed class CatalogueTests
{
    /// <summary>Cannot be made in a running stack: probes are answered before the app's middleware (decision 101).</summary>
    private static readonly string[] _notMade = ["F107"];

    [Fact]
    public void Catalogue_has_the_ids_of_the_document_and_no_others()
    {
        var documented = Regex.Matches(File.ReadAllText(Path.Combine(Root(), "docs", "faults.md")), @"^(?:\| |### )([FN][0-9]{3})\b", RegexOptions.Multiline).Select(match => match.Groups[1].Value).Distinct().Order().ToList();
        var made = FaultCatalogue.All.Select(fault => fault.Id).Distinct().Concat(_notMade).Order().ToList();

        Assert.Equal(documented, made);
        Assert.True(documented.Count > 45, "The document lists fewer ids than it once did.");
    }

    [Fact]
    public void Every_name_is_there_once_and_finds_its_fault()
    {
        Assert.Equal(FaultCatalogue.All.Count, FaultCatalogue.All.Select(fault => fault.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(FaultCatalogue.All, fault => Assert.Contains(fault, FaultCatalogue.Find(fault.Name.ToLowerInvariant())));
        Assert.Empty(FaultCatalogue.Find("F999"));
    }

    [Fact]
    public void Every_pattern_can_be_read_and_every_fault_says_what_must_be_said_by_when()
    {
        foreach (var fault in FaultCatalogue.All)
        {
            foreach (var pattern in fault.Health.Because.Concat(fault.Health.NotBecause).Append(fault.Health.BalancerSays ?? string.Empty))
            {
                _ = Regex.IsMatch(string.Empty, pattern);
            }

            if (fault.Health.Says is Verdict.Degraded or Verdict.NotReady or Verdict.Trouble)
            {
                Assert.True(fault.Health is { Within: not null, Because.Count: > 0 }, $"{fault.Name} says neither why nor by when.");
                Assert.NotEqual(Whose.Nobody, fault.Health.Whose);
            }

            // What is not undone before the balancer's threshold cannot be told apart from noise.
            Assert.True(fault.Health.Within is not { } within || fault.Lasts + TimeSpan.FromSeconds(30) > within, $"{fault.Name} ends before it has to be said.");
        }
    }

    [Fact]
    public void Representative_faults_are_few_and_of_several_families()
    {
        Assert.InRange(FaultCatalogue.Representative.Count, 5, 9);
        Assert.True(FaultCatalogue.Representative.Select(fault => fault.Family).Distinct().Count() >= 5);
    }

    internal static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Pulumi.yaml")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No Pulumi.yaml above {AppContext.BaseDirectory}.");
    }
}
