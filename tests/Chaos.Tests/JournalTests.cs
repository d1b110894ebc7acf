using System.Diagnostics;
using Candor.Chaos.Injection;
using Candor.Chaos.Running;
using Candor.Local;
using Candor.Planning;

namespace Candor.Chaos.Tests;

/// <summary>What a command that was killed left is undone by the next.</summary>
public sealed class JournalTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("candor-journal-").FullName;

    private static readonly Plan _plan = new() { Project = "test", Stack = "test", Resources = [], Outputs = PlanValue.EmptyObject };

    [Fact]
    public async Task Process_that_was_stopped_by_a_command_that_was_killed_resumes_with_the_next()
    {
        using var sleeper = Process.Start(new ProcessStartInfo("sleep", "60"))!;
        try
        {
            var journal = new Journal(ChaosStack.JournalOf(_folder));
            var entry = await journal.BeginAsync("F215", new Pause());
            await journal.RememberAsync(entry, sleeper.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), ProcFs.StartTime(sleeper.Id)!.Value.ToString(System.Globalization.CultureInfo.InvariantCulture));
            Signals.Send(sleeper.Id, Signal.Stop);
            Assert.Equal('T', await StateOfAsync(sleeper.Id, 'T'));

            // This command is gone; the next one finds its journal.
            var undone = await Session.RepairAsync(Request(), TimeProvider.System, CancellationToken.None);

            Assert.Equal(1, undone);
            Assert.Equal('S', await StateOfAsync(sleeper.Id, 'S'));
            Assert.False(File.Exists(journal.Path));
        }
        finally
        {
            sleeper.Kill();
        }
    }

    [Fact]
    public async Task Every_injection_of_the_catalogue_is_read_back_from_the_journal_as_it_was_written()
    {
        var journal = new Journal(ChaosStack.JournalOf(_folder));
        var all = Catalogue.FaultCatalogue.All.SelectMany(fault => fault.Injections.Select(inject => (fault.Name, Inject: inject))).ToList();
        foreach (var (name, inject) in all)
        {
            await journal.BeginAsync(name, inject);
        }

        var left = new Journal(journal.Path).Left().Reverse().Select(entry => (entry.Fault, entry.Inject)).ToList();

        Assert.Equal(all, left);
    }

    [Fact]
    public void Journal_that_cannot_be_read_is_reported_and_not_thrown_away()
    {
        File.WriteAllText(ChaosStack.JournalOf(_folder), "{");

        var error = Assert.Throws<ChaosException>(() => new Journal(ChaosStack.JournalOf(_folder)).Left());

        Assert.Contains("by hand", error.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(ChaosStack.JournalOf(_folder)));
    }

    [Fact]
    public async Task Injection_that_fails_halfway_is_undone()
    {
        var journal = new Journal(ChaosStack.JournalOf(_folder));
        await using var site = new Site(LocalTarget.Client(_folder), _plan, 1, journal, TimeProvider.System);
        var undone = 0;

        await Assert.ThrowsAsync<LocalException>(() => site.DoAsync("T1", new Toy.Toying(() => throw new LocalException("halfway"), () => undone++), CancellationToken.None));

        Assert.Equal(1, undone);
        Assert.Empty(new Journal(journal.Path).Left());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private SessionRequest Request() => new() { Faults = [], Folder = _folder, Plan = _plan, Programs = new Dictionary<Catalogue.ServiceKind, string>() };

    private static async Task<char> StateOfAsync(int process, char wanted)
    {
        for (var i = 0; ; i++)
        {
            var state = (await File.ReadAllTextAsync($"/proc/{process}/stat")).Split(") ")[1][0];
            if (state == wanted || i == 100)
            {
                return state;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }
}
