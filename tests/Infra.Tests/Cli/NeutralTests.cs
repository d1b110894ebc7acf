using Candor.Cli;
using Candor.Cli.Parsing;
using Candor.Cli.Terminal;
using Candor.Infra.Tests.Program;
using Spectre.Console;

namespace Candor.Infra.Tests.Cli;

/// <summary>Nothing that others wrote steers a terminal, in whichever message it stands.</summary>
public sealed class NeutralTests
{
    [Theory]
    [InlineData("\u001b[31mred", "\\u001b[31mred")]
    [InlineData("a\u009b2Jb", "a\\u009b2Jb")]
    [InlineData("title\u001b]0;x\u0007", "title\\u001b]0;x\\u0007")]
    [InlineData("over\rwritten", "over\\u000dwritten")]
    [InlineData("right\u202eleft\u202c", "right\\u202eleft\\u202c")]
    [InlineData("\u2066isolated\u2069", "\\u2066isolated\\u2069")]
    [InlineData("line\u2028paragraph\u2029", "line\\u2028paragraph\\u2029")]
    [InlineData("zero\u200bwidth\u200d\ufeff\u2060", "zero\\u200bwidth\\u200d\\ufeff\\u2060")]
    [InlineData("tag \U000e0041", "tag \\udb40\\udc41")]
    [InlineData("del\u007f", "del\\u007f")]
    public void Character_that_steers_is_written_out(string text, string shown) => Assert.Equal(shown, Neutral.Text(text));

    [Fact]
    public void Half_of_a_surrogate_pair_is_written_out() => Assert.Equal("half \\ud800 pair", Neutral.Text("half \ud800 pair"));

    [Theory]
    [InlineData("")]
    [InlineData("two\nlines\tand a tab\r\n")]
    [InlineData("Ünïcödé, 漢字, عربي, 🙂, e\u0301, │ ✗ …")]
    public void Text_that_shows_as_itself_stays(string text) => Assert.Equal(text, Neutral.Text(text));

    [Fact]
    public async Task Error_with_a_name_from_outside_is_shown_harmless()
    {
        using var error = new StringWriter();

        var exitCode = await RunAsync(error, TextWriter.Null, "lint", "evil\u001b[2J\u202e");

        Assert.Equal(ExitCode.Usage, exitCode);
        Assert.Contains("evil\\u001b[2J\\u202e", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', error.ToString());
        Assert.DoesNotContain('\u202e', error.ToString());
    }

    [Fact]
    public async Task Misspelt_word_is_shown_harmless()
    {
        using var error = new StringWriter();

        Assert.Equal(ExitCode.Usage, await RunAsync(error, TextWriter.Null, "sta\u001b]0;x\u0007tus"));

        Assert.DoesNotContain('\u001b', error.ToString());
        Assert.DoesNotContain('\u0007', error.ToString());
    }

    [Fact]
    public async Task Answer_that_fits_nowhere_is_reported_and_fails()
    {
        using var error = new StringWriter();
        await using var full = new FailingWriter(new IOException("No space left on device", 28));

        var exitCode = await RunAsync(error, full, "--help");

        Assert.Equal(ExitCode.Usage, exitCode);
        Assert.Equal("Standard output cannot be written: No space left on device", error.ToString().Trim());
    }

    [Fact]
    public async Task Reader_that_had_enough_is_no_failure()
    {
        using var error = new StringWriter();
        await using var closed = new FailingWriter(new IOException("Broken pipe", 32));

        Assert.Equal(ExitCode.Fine, await RunAsync(error, closed, "--help"));
        Assert.Empty(error.ToString());
    }

    [Fact]
    public void Table_ends_no_line_with_a_blank_and_a_question_keeps_its_own()
    {
        using var output = new StringWriter();
        var console = SafeConsole.Guard(SafeConsole.Of(output, redirected: true));
        var table = new Table().Border(TableBorder.Simple).AddColumn("pod").AddColumn("reason");
        table.AddRow("orders-1", string.Empty).AddRow("orders-2", "two words");

        console.Write(table);
        console.Write("Type yes to continue: ");

        var lines = output.ToString().Split('\n');
        Assert.DoesNotContain(lines[..^1], line => line.EndsWith(' '));
        Assert.Contains(lines, line => line.EndsWith("two words", StringComparison.Ordinal));
        Assert.Equal("Type yes to continue: ", lines[^1]);
    }

    private static Task<int> RunAsync(TextWriter error, TextWriter output, params string[] words) => CommandLine.RunAsync(
        words, new CliContext(
            RepositoryFile.Root, SafeConsole.Of(output, redirected: true), SafeConsole.Of(error, redirected: true), TimeProvider.System));

    private sealed class FailingWriter(IOException failure) : StringWriter
    {
        public override void Write(char value) => throw failure;

        public override void Write(string? value) => throw failure;

        public override void Write(char[] buffer, int index, int count) => throw failure;
    }
}
