using Candor.Contract;
using Candor.Health.Postgres;

namespace Candor.Health.Tests.Checks;

/// <summary>The table of SQLSTATEs.</summary>
public sealed class SqlStateTests
{
    [Theory]
    [InlineData("53300", SqlFailureKind.Outage, DependencyScope.Shared, true)]
    [InlineData("53999", SqlFailureKind.Outage, DependencyScope.Shared, true)]
    [InlineData("55P03", SqlFailureKind.Outage, DependencyScope.Shared, true)]
    [InlineData("57014", SqlFailureKind.Outage, DependencyScope.Shared, true)]
    [InlineData("57P03", SqlFailureKind.Outage, DependencyScope.Shared, true)]
    [InlineData("08006", SqlFailureKind.Outage, DependencyScope.Shared, true)]
    [InlineData("28P01", SqlFailureKind.Outage, DependencyScope.Shared, true)]
    [InlineData("25006", SqlFailureKind.Outage, DependencyScope.Shared, false)]
    [InlineData("42501", SqlFailureKind.Outage, DependencyScope.Shared, false)]
    [InlineData("40001", SqlFailureKind.Outage, DependencyScope.Shared, false)]
    [InlineData("42P01", SqlFailureKind.Bug, DependencyScope.Shared, false)]
    [InlineData("42999", SqlFailureKind.Bug, DependencyScope.Shared, false)]
    [InlineData("23514", SqlFailureKind.Bug, DependencyScope.Shared, false)]
    [InlineData("25P02", SqlFailureKind.Bug, DependencyScope.Local, false)]
    [InlineData("22P05", SqlFailureKind.ClientMistake, DependencyScope.Local, false)]
    [InlineData("22012", SqlFailureKind.Bug, DependencyScope.Shared, false)]
    [InlineData("ZZ999", SqlFailureKind.Bug, DependencyScope.Shared, false)]
    [InlineData("", SqlFailureKind.Bug, DependencyScope.Shared, false)]
    public void Code_or_its_class_says_what_it_is_and_whose(string code, SqlFailureKind kind, DependencyScope scope, bool unavailable)
    {
        var state = SqlState.Of(code);

        Assert.Equal((code, kind, scope, unavailable), (state.Code, state.Kind, state.Scope, state.Unavailable));
    }

    [Fact]
    public void Code_is_shown_with_its_condition()
    {
        Assert.Equal("42501 insufficient privilege", SqlState.Of("42501").ToString());
        Assert.Equal("53999 insufficient resources", SqlState.Of("53999").ToString());
    }

    [Fact]
    public void Documented_table_is_the_one_that_is_used()
    {
        var documented = File.ReadLines(Path.Combine(Root(), "docs", "sqlstates.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal));

        Assert.Equal(SqlState.Table.Select(Row), documented);
    }

    private static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "Stack.sln")))
        {
            directory = directory.Parent ?? throw new DirectoryNotFoundException("The tests run inside the repository, beside Stack.sln.");
        }

        return directory.FullName;
    }

    private static string Row(SqlState state) =>
        $"| `{state.Code}{(state.Code.Length == 2 ? "xxx" : "")}` | {state.Text} | {Word(state.Kind)} | {(state.Scope == DependencyScope.Shared ? "shared" : "local")} | {(state.Unavailable ? "yes" : "no")} | {Status(state.Kind)} |";

    private static string Word(SqlFailureKind kind) => kind switch
    {
        SqlFailureKind.Outage => "outage",
        SqlFailureKind.Bug => "bug",
        _ => "client's mistake",
    };

    private static int Status(SqlFailureKind kind) => kind switch
    {
        SqlFailureKind.Outage => 503,
        SqlFailureKind.Bug => 500,
        _ => 400,
    };
}
