using Candor.Cli;
using Candor.Cli.Local;
using Candor.Cli.Terminal;

namespace Candor.Infra.Tests.Cli;

/// <summary>What stands for an image is said once, and found again.</summary>
public sealed class ProgramsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("candor-test-");
    private readonly StringWriter _error = new();

    private CliContext Context =>
        new(
            _folder.FullName,
            SafeConsole.Of(TextWriter.Null, redirected: true),
            SafeConsole.Of(_error, redirected: true),
            TimeProvider.System);

    private string Remembered => Path.Combine(_folder.FullName, "candor.local.yaml");

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        _error.Dispose();
    }

    [Fact]
    public async Task Published_folder_and_command_are_taken_and_remembered()
    {
        Write("out/Todo.Api.dll");
        Write("out/Todo.Api.runtimeconfig.json");

        await FindAsync($"ghcr.io/acme/todo-api={In("out")}", "mysql=mysqld --port={port} --bind-address={address} --comment='it''s'");
        var found = await FindAsync();

        Assert.Equal(In("out/Todo.Api.dll"), found["ghcr.io/acme/todo-api"].Assembly);
        Assert.Equal("mysqld --port={port} --bind-address={address} --comment='it''s'", found["mysql"].Command);
        Assert.EndsWith("Candor.Orders.dll", found["orders"].Assembly, StringComparison.Ordinal);
        Assert.Contains("'ghcr.io/acme/todo-api': 'out'", await File.ReadAllTextAsync(Remembered), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_reported_later_takes_the_place_of_what_was_remembered()
    {
        Write("a.dll");
        Write("b.dll");
        await FindAsync($"todo={In("a.dll")}");

        Assert.Equal(In("b.dll"), (await FindAsync($"todo={In("b.dll")}"))["todo"].Assembly);
        Assert.Equal(In("b.dll"), (await FindAsync())["todo"].Assembly);
    }

    [Theory]
    [InlineData("todo", "it must be IMAGE=PROGRAM")]
    [InlineData("=x.dll", "it must be IMAGE=PROGRAM")]
    [InlineData("todo=nowhere/Todo.csproj", "nowhere/Todo.csproj does not exist")]
    [InlineData("todo=nowhere", "does not exist")]
    public async Task Program_that_is_not_there_is_refused_with_what_is_taken(string word, string told)
    {
        var error = await Assert.ThrowsAsync<UsageException>(() => FindAsync(word));

        Assert.Contains(told, error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Remembered));
    }

    [Theory]
    [InlineData("programs: [a, b]", "line 1: programs is no mapping")]
    [InlineData("programs:\n  todo: { path: a.dll, command: b }", "line 2: todo has both path and command")]
    [InlineData("programs:\n  todo: { comand: b }", "line 2: unknown key 'comand' in todo; known: path, command, user")]
    [InlineData("program:\n  todo: b", "line 1: unknown key 'program' in the file; known: programs, stack")]
    [InlineData("programs: {\n", "it is no YAML")]
    public async Task File_that_cannot_be_used_is_reported_with_its_line(string yaml, string told)
    {
        await File.WriteAllTextAsync(Remembered, yaml);

        Assert.Contains(told, (await Assert.ThrowsAsync<UsageException>(() => FindAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Remembered_program_that_is_gone_is_reported_with_where_it_was_remembered()
    {
        await File.WriteAllTextAsync(Remembered, "programs:\n  todo: gone/Todo.dll\n");

        var error = await Assert.ThrowsAsync<UsageException>(() => FindAsync());

        Assert.Contains($"{In("gone/Todo.dll")}, which does not exist", error.Message, StringComparison.Ordinal);
        Assert.Contains(Remembered, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stack_s_own_programs_stand_below_what_this_machine_remembers()
    {
        Write("a.dll");
        Write("b.dll");
        Stack("""{ ghcr.io/acme/todo: { project: a.dll }, shop: { command: "node shop.js {port}", user: nobody }, mail: b.dll }""");
        await FindAsync($"mail={In("a.dll")}");

        var found = await Programs.FindAsync(Context, "dev", [], CancellationToken.None);

        Assert.Equal((In("a.dll"), In("a.dll")), (found["ghcr.io/acme/todo"].Assembly, found["mail"].Assembly));
        Assert.Equal(("node shop.js {port}", "nobody"), (found["shop"].Command, found["shop"].User));
    }

    [Theory]
    [InlineData("{ todo: { projct: a } }", "todo has the unknown key 'projct'; known: project, folder, command, user, connection")]
    [InlineData("{ todo: { project: a, command: b } }", "expected one of project, folder and command")]
    [InlineData("{ todo: 5 }", "expected one of project, folder and command")]
    [InlineData("[a]", "expected an object such as")]
    public async Task Stack_s_programs_that_cannot_be_used_are_told_with_their_file(string yaml, string told)
    {
        Stack(yaml);

        var error = await Assert.ThrowsAsync<UsageException>(() => Programs.FindAsync(Context, "dev", [], CancellationToken.None));

        Assert.Contains("Pulumi.dev.yaml: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(told, error.Message, StringComparison.Ordinal);
    }

    private void Stack(string yaml)
    {
        File.WriteAllText(In("Pulumi.yaml"), "name: candor\n");
        File.WriteAllText(In("Pulumi.dev.yaml"), $"config:\n  candor:local: {yaml}\n");
    }

    private Task<IReadOnlyDictionary<string, Candor.Local.LocalProgram>> FindAsync(params string[] said) =>
        Programs.FindAsync(Context, null, said, CancellationToken.None);

    private string In(string name) => Path.Combine(_folder.FullName, name);

    private void Write(string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(In(name))!);
        File.WriteAllText(In(name), string.Empty);
    }
}
