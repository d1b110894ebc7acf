using System.Diagnostics;
using System.Runtime.Versioning;
using Candor.Local;
using Candor.Testing.Privileges;

namespace Candor.Infra.Tests.Local;

/// <summary>Root follows no path that another user could have made.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class TrustedPathTests : IDisposable
{
    private const UnixFileMode Mode = StateFolder.OthersEnter;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("candor-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Folder_of_ones_own_is_made_with_everything_above_it()
    {
        TrustedPath.Create(In("a/b/c"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(In("a/b/c")));
    }

    [Fact]
    public void Link_in_place_of_the_folder_is_refused_and_what_it_leads_to_is_left_alone()
    {
        var target = Directory.CreateDirectory(In("target"));
        Directory.CreateSymbolicLink(In("state"), target.FullName);

        var error = Assert.Throws<LocalException>(() => TrustedPath.Create(In("state"), Mode));

        Assert.Contains($"The folder {In("state")} cannot be trusted: it is a link", error.Message, StringComparison.Ordinal);
        Assert.Empty(target.EnumerateFileSystemInfos());
    }

    [Fact]
    public void Link_above_that_others_could_have_made_is_refused()
    {
        Directory.CreateDirectory(In("target"));
        var shared = Directory.CreateDirectory(In("shared"));
        Directory.CreateSymbolicLink(In("shared/link"), In("target"));
        shared.UnixFileMode = (UnixFileMode)0b001_111_111_111;

        var error = Assert.Throws<LocalException>(() => TrustedPath.Create(In("shared/link/state"), Mode));

        Assert.Contains($"{In("shared/link")} is a link", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(In("target")));
    }

    [Fact]
    public void Link_above_that_only_its_owner_could_have_made_leads_on()
    {
        Directory.CreateDirectory(In("target"));
        Directory.CreateSymbolicLink(In("link"), "./target");

        TrustedPath.Create(In("link/state"), Mode);

        Assert.True(Directory.Exists(In("target/state")));
    }

    [Theory]
    [InlineData(0b111_111_101, "the group")]
    [InlineData(0b111_101_111, "everybody")]
    public void Folder_that_others_can_write_is_refused(int mode, string who)
    {
        // A group with nobody else in it counts as its owner, so it takes one that has others.
        var folder = Directory.CreateDirectory(In("above"));
        folder.UnixFileMode = (UnixFileMode)mode;
        if (who == "the group" && !Environment.IsPrivilegedProcess)
        {
            return;
        }

        var error = Assert.Throws<LocalException>(() => TrustedPath.Create(In("above/state"), Mode));

        Assert.Contains($"{In("above")} can be written by {who}", error.Message, StringComparison.Ordinal);
        Assert.Contains($"chmod go-w {In("above")}", error.Message, StringComparison.Ordinal);
    }

    [RootFact]
    public void Folder_of_another_user_is_refused_at_every_place_of_the_path()
    {
        Directory.CreateDirectory(In("theirs/state"));
        Own("nobody", In("theirs"));

        Assert.Contains(
            $"{In("theirs")} belongs to nobody",
            Assert.Throws<LocalException>(() => TrustedPath.Require(In("theirs/state"))).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "it belongs to nobody",
            Assert.Throws<LocalException>(() => TrustedPath.Require(In("theirs"))).Message,
            StringComparison.Ordinal);
    }

    [RootFact]
    public void Stack_of_a_folder_that_another_user_made_is_not_asked()
    {
        Directory.CreateDirectory(In("theirs"));
        Own("nobody", In("theirs"));

        Assert.Throws<LocalException>(() => LocalTarget.Client(In("theirs")));
    }

    [RootFact]
    public void Folder_of_a_container_is_given_to_its_user_and_to_nobody_through_a_link()
    {
        Directory.CreateDirectory(In("precious"));
        Directory.CreateSymbolicLink(In("pod"), In("precious"));

        Assert.Throws<LocalException>(() => OwnedFolder.Open(In("pod"), "nobody").Dispose());

        Assert.Equal(0u, Posix.Look(In("precious"))!.Value.Owner);
    }

    [RootFact]
    public void Secret_replaces_the_link_that_a_container_put_in_its_place()
    {
        File.WriteAllText(In("precious"), "kept");
        using var folder = OwnedFolder.Open(In("pod"), "nobody");
        File.CreateSymbolicLink(In("pod/redis.conf"), In("precious"));
        File.CreateSymbolicLink(In("pod/redis.conf.new"), In("precious"));
        Directory.CreateSymbolicLink(In("pod/bin"), _folder.FullName);

        folder.WriteSecret("redis.conf", "requirepass x");

        Assert.Equal("kept", File.ReadAllText(In("precious")));
        Assert.Equal(0u, Posix.Look(In("precious"))!.Value.Owner);
        Assert.Equal("requirepass x", File.ReadAllText(In("pod/redis.conf")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, Posix.Look(In("pod/redis.conf"))!.Value.Mode);
        Assert.Equal(SystemUser.IdOf("nobody"), Posix.Look(In("pod/redis.conf"))!.Value.Owner);
        Assert.Throws<LocalException>(() => folder.Folder("bin").Dispose());
    }

    [RootFact]
    public void Container_folder_of_a_third_user_is_refused()
    {
        Directory.CreateDirectory(In("pod"));
        Own("daemon", In("pod"));

        var error = Assert.Throws<LocalException>(() => OwnedFolder.Open(In("pod"), "nobody").Dispose());

        Assert.Contains("belongs to daemon, and the stack runs as nobody", error.Message, StringComparison.Ordinal);
    }

    private static void Own(string user, string path)
    {
        using var chown = Process.Start("chown", ["--no-dereference", user, path]);
        chown.WaitForExit();
        Assert.Equal(0, chown.ExitCode);
    }

    private string In(string name) => Path.Combine(_folder.FullName, name);
}
