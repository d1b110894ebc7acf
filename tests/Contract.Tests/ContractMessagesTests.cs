using System.Text;

namespace Candor.Contract.Tests;

/// <summary>
/// What a person reads for each mistake. <c>Messages/mistakes.txt</c> has the mistakes, one a line, and below each, indented, what is
/// said of it; nothing below means that nothing is wrong.
/// </summary>
public sealed class ContractMessagesTests
{
    [Fact]
    public void Every_mistake_is_reported_as_written_down()
    {
        var written = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Messages", "mistakes.txt"));

        var told = new StringBuilder();
        foreach (var mistake in written.Split('\n').Where(line => line.Length > 0 && line[0] != ' '))
        {
            told.Append(mistake).Append('\n');
            foreach (var violation in ViolationsOf(mistake))
            {
                told.Append("    ").Append(violation).Append('\n');
            }
        }

        // What is said now lies beside what was written down, so that a deliberate change is one copy and one review.
        File.WriteAllText(Path.Combine(AppContext.BaseDirectory, "Messages", "mistakes.actual.txt"), told.ToString());
        Assert.Equal(written, told.ToString());
    }

    private static IReadOnlyList<Violation> ViolationsOf(string json)
    {
        try
        {
            ContractJson.Parse(json, "the test");
            return [];
        }
        catch (InvalidContractException invalid)
        {
            return invalid.Violations;
        }
    }
}
