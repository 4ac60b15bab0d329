// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ClaimStatus, ClaimView, Parameters} from "../interfaces/IDispute.sol";
import {IRollup} from "../interfaces/IRollup.sol";
import {
    AlreadyFinal,
    AlreadyResolved,
    AlreadyStated,
    ClaimDecided,
    ClaimIsOpen,
    LiveClaim,
    NotClaimant,
    NotRollup,
    StaleMove,
    TooFarAhead,
    UnknownClaim,
    WrongBatch,
    WrongIndex
} from "../lib/Errors.sol";
import {Mode} from "../lib/Types.sol";
import {Bonds} from "./Bonds.sol";
import {Clock} from "./Clock.sol";
import {Finals} from "./Finals.sol";

/// Claims, the roots their claimants state, and the cascade. A claim's end is a function of time and state (`_status`); `_sync`
/// records it and moves the stake before anything else touches the claim, so that nobody's laziness changes an outcome.
abstract contract Claims is Clock, Bonds, Finals {
    struct Claim {
        address claimant;
        Mode kind;
        /// None until the end is recorded.
        ClaimStatus recorded;
        uint64 openGames;
        uint64 number;
        /// The claimant's strikes when it claimed: one more voids this claim.
        uint64 strikes;
        uint64 deadline;
        uint256 value;
        /// Of a fallen claim: reserved for each game that was open.
        uint128 stipend;
    }

    struct StatedRoot {
        uint256 root;
        /// Protocol time at which it was given; 0 when it was not.
        uint64 time;
    }

    IRollup internal immutable _rollup;
    Parameters internal _p;

    uint256 public claimCount;
    mapping(uint256 claimId => Claim) internal _claims;
    mapping(Mode kind => mapping(uint64 number => uint256)) public lastClaim;
    mapping(uint256 claimId => mapping(uint64 index => StatedRoot)) internal _statements;
    /// Protocol times of an account's lost games, as claimant.
    mapping(address claimant => uint64[]) private _strikes;

    constructor(IRollup rollup_) {
        _rollup = rollup_;
    }

    // ---------------------------------------------------------------- moves

    function claim(Mode kind, uint64 number, bytes32 batchHash, uint256 value)
        external
        payable
        returns (uint256 claimId)
    {
        return _claim(msg.sender, kind, number, batchHash, value);
    }

    function claimFor(address claimant, Mode kind, uint64 number, bytes32 batchHash, uint256 value)
        external
        payable
        returns (uint256 claimId)
    {
        if (msg.sender != address(_rollup)) revert NotRollup();
        return _claim(claimant, kind, number, batchHash, value);
    }

    function resolve(uint256 claimId) external whenNotPaused {
        Claim storage c = _existing(claimId);
        if (c.recorded != ClaimStatus.None) revert AlreadyResolved();
        if (_sync(claimId, c) == ClaimStatus.Open) revert ClaimIsOpen();
    }

    function state(uint256 claimId, bytes32 claimHash, uint64 index, uint256 root) external whenNotPaused {
        Claim storage c = _existing(claimId);
        if (msg.sender != c.claimant) revert NotClaimant();
        _requireOpen(claimId, c, claimHash);
        if (index == 0 || index >= c.number) revert WrongIndex();
        _checkRoot(Mode.Root, root);
        StatedRoot storage s = _statements[claimId][index];
        if (s.time != 0) {
            if (s.root != root) revert AlreadyStated(s.root);
            return;
        }
        (s.root, s.time) = (root, time());
        emit Stated(claimId, index, root);
    }

    // ---------------------------------------------------------------- views

    function getClaims(uint256 from, uint256 to) external view returns (ClaimView[] memory views) {
        if (to < from) return views;
        views = new ClaimView[](to - from + 1);
        for (uint256 id = from; id <= to; ++id) {
            Claim storage c = _existing(id);
            views[id - from] = ClaimView({
                id: id,
                kind: c.kind,
                number: c.number,
                value: c.value,
                claimant: c.claimant,
                status: _status(c),
                recorded: c.recorded != ClaimStatus.None,
                deadline: c.deadline,
                openGames: c.openGames,
                claimHash: _claimHash(id, c)
            });
        }
    }

    function statement(uint256 claimId, uint64 index) external view returns (bool known, uint256 root) {
        StatedRoot storage s = _statements[claimId][index];
        return (s.time != 0, s.root);
    }

    // ---------------------------------------------------------------- for games and proofs

    function _existing(uint256 claimId) internal view returns (Claim storage c) {
        c = _claims[claimId];
        if (c.claimant == address(0)) revert UnknownClaim(claimId);
    }

    function _claimHash(uint256 claimId, Claim storage c) internal view returns (bytes32) {
        return keccak256(abi.encode(claimId, c.kind, c.number, c.value, c.claimant, _rollup.batchHash(c.number)));
    }

    /// A move on a claim is for the claim the player has seen, and only while it is open.
    function _requireOpen(uint256 claimId, Claim storage c, bytes32 claimHash) internal view {
        bytes32 expected = _claimHash(claimId, c);
        if (claimHash != expected) revert StaleMove(expected);
        if (_status(c) != ClaimStatus.Open) revert ClaimDecided();
    }

    /// Final without a record when its window passed without an open game, before the claimant's next strike; void from that
    /// strike on otherwise. No game on it opens or closes between that strike and the record, so openGames is still the
    /// strike's.
    function _status(Claim storage c) internal view returns (ClaimStatus) {
        if (c.recorded != ClaimStatus.None) return c.recorded;
        uint64[] storage strikes = _strikes[c.claimant];
        bool struck = strikes.length > c.strikes;
        uint64 moment = struck ? strikes[c.strikes] : time();
        if (c.openGames == 0 && moment >= c.deadline) return ClaimStatus.Final;
        return struck ? ClaimStatus.Void : ClaimStatus.Open;
    }

    /// _sync of the newest claim on (kind, number), if there is one.
    function _syncLast(Mode kind, uint64 number) internal returns (uint256 claimId, ClaimStatus status) {
        claimId = lastClaim[kind][number];
        if (claimId != 0) status = _sync(claimId, _claims[claimId]);
    }

    /// Records a claim's end, if it has one, and moves its stake.
    function _sync(uint256 claimId, Claim storage c) internal returns (ClaimStatus status) {
        status = _status(c);
        if (c.recorded != ClaimStatus.None) return status;
        if (status == ClaimStatus.Final) {
            _setFinal(c.kind, c.number, c.value, claimId);
            _uphold(claimId, c);
        } else if (status == ClaimStatus.Void) {
            _burn(_fell(claimId, c, ClaimStatus.Void));
        }
    }

    /// The value is final: the stake goes back.
    function _uphold(uint256 claimId, Claim storage c) internal {
        c.recorded = ClaimStatus.Final;
        emit ClaimResolved(claimId, ClaimStatus.Final);
        _pay(c.claimant, _p.stake);
    }

    /// The claimant lost this claim. All its other claims that are not final are void from now on (`_status`). Pays the winner
    /// and the payee of the proof (nobody where 0), burns the rest: at least half, by the constructor's check.
    function _refute(uint256 claimId, Claim storage c, address winner, address payee) internal {
        uint256 left = _fell(claimId, c, ClaimStatus.Refuted);
        uint64[] storage strikes = _strikes[c.claimant];
        strikes.push(time());
        emit Struck(c.claimant, uint64(strikes.length), time());
        if (winner != address(0)) {
            _pay(winner, _p.reward);
            left -= _p.reward;
        }
        if (payee != address(0)) {
            _pay(payee, _p.proverFee);
            left -= _p.proverFee;
        }
        _burn(left);
    }

    // ---------------------------------------------------------------- inside

    function _claim(address claimant, Mode kind, uint64 number, bytes32 batchHash, uint256 value)
        private
        whenNotPaused
        returns (uint256 claimId)
    {
        bytes32 expected = _rollup.batchHash(number);
        if (expected == 0 || batchHash != expected) revert WrongBatch(expected);
        _checkRoot(kind, value);
        (uint64 deadline, uint256 takenOver) = _vacate(kind, number, value);
        uint64 last = lastFinalRoot;
        if (number > last && number - last > _p.maxAhead) revert TooFarAhead(last);
        _deposit(claimant);
        _lock(claimant, _p.stake);
        claimId = ++claimCount;
        lastClaim[kind][number] = claimId;
        Claim storage c = _claims[claimId];
        (c.claimant, c.kind, c.number, c.value, c.deadline) = (claimant, kind, number, value, deadline);
        c.strikes = uint64(_strikes[claimant].length);
        emit Claimed(claimId, kind, number, value, claimant, deadline, takenOver);
    }

    /// The deadline of a new claim on (kind, number): a full window, or what a void claim of the same value had left when it fell,
    /// but at least minWindow. Without the latter, one cheap lost game would restart every window of its claimant. The time in
    /// which no claim stood does not count: else a value could be dropped at once and taken up when its window is almost over.
    function _vacate(Mode kind, uint64 number, uint256 value) private returns (uint64 deadline, uint256 takenOver) {
        (uint256 previous, ClaimStatus status) = _syncLast(kind, number);
        if (status == ClaimStatus.Open) revert LiveClaim(previous);
        (bool known,) = finalValue(kind, number);
        if (known) revert AlreadyFinal();
        if (status == ClaimStatus.Void && _claims[previous].value == value) {
            Claim storage p = _claims[previous];
            uint64 fellAt = _strikes[p.claimant][p.strikes];
            uint64 left = p.deadline > fellAt ? p.deadline - fellAt : 0;
            return (uint64(time() + Math.max(left, _p.minWindow)), previous);
        }
        return (time() + _p.window, 0);
    }

    /// Records that a claim fell and reserves the stipends of its open games. Returns what is left of the stake.
    function _fell(uint256 claimId, Claim storage c, ClaimStatus status) private returns (uint256 left) {
        c.recorded = status;
        emit ClaimResolved(claimId, status);
        uint256 games = c.openGames;
        uint256 stipend = games == 0 ? 0 : Math.min(_p.stipend, _p.stipendCap / games);
        c.stipend = uint128(stipend);
        return _p.stake - stipend * games;
    }
}
